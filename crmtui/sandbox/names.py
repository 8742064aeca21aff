"""The parts that fictional companies, people and places are made of, by country.

Words are written `native=ascii` where the ASCII form, used in addresses, differs from the small letters.
"""

from dataclasses import dataclass

Word = tuple[str, str]


@dataclass(frozen=True, slots=True)
class City:
    """A city with its region and the beginning of its postcodes."""

    name: str
    region: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Locale:
    """What one country's companies and people are made of."""

    country: str
    phone: str
    company: str
    street: str
    stems: tuple[Word, ...]
    trades: tuple[str, ...]
    forms: tuple[str, ...]
    streets: tuple[str, ...]
    cities: tuple[City, ...]
    given: tuple[Word, ...]
    family: tuple[Word, ...]
    salutations: tuple[str, str]


def _words(text: str) -> tuple[Word, ...]:
    pairs = (word.replace("_", " ").partition("=") for word in text.split())
    return tuple((native, slug or native.lower()) for native, _, slug in pairs)


def _list(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


def _cities(text: str) -> tuple[City, ...]:
    return tuple(City(*(part.strip() for part in line.split("/"))) for line in text.split(";"))


BRITAIN = Locale(
    "United Kingdom", "+44 20 7946 0{:03d}", "{stem} {trade} {form}", "{n} {street}",
    _words("Acme Northgate Harbour Kestrel Bluebell Thornbury Lantern"
           " Copperfield Wren Ashdown Beacon Millstone"),
    _list("Design Engineering Foods Logistics Textiles Software Insurance Joinery"),
    _list("Ltd plc LLP"),
    _list("High_Street Mill_Lane Station_Road Church_Walk"),
    _cities("London/Greater London/EC2A 4;Leeds/West Yorkshire/LS1 5;Bristol/Avon/BS1 6;"
            "Edinburgh/Midlothian/EH2 2;Cardiff/South Glamorgan/CF10 3;Norwich/Norfolk/NR2 1"),
    _words("Ann Oliver Priya George Fiona Imran Charlotte Rhys Grace Callum Zadie Hugh Maeve Owain"),
    _words("Lee Whitfield Patel O’Brien=obrien MacLeod Okafor Hartley Davies Singh Pemberton Nwosu Clarke"),
    ("Ms", "Mr"),
)  # fmt: skip
GERMANY = Locale(
    "Germany", "+49 30 23125 {:03d}", "{stem} {trade} {form}", "{street} {n}",
    _words("Acorn Nordlicht Grünwald=gruenwald Steinbach Möwe=moewe Kranich"
           " Eisvogel Lindner Weißdorn=weissdorn"
           " Falkenstein Übersee=uebersee Brückner=brueckner"),
    _list("Maschinenbau Logistik Druck Medizintechnik Möbel Energie Optik Verlag"),
    _list("GmbH AG &_Söhne_KG"),
    _list("Hauptstraße Bahnhofstraße Gartenweg Am_Mühlbach"),
    _cities("Berlin/Berlin/101;München/Bayern/803;Köln/Nordrhein-Westfalen/506;Hamburg/Hamburg/203;"
            "Nürnberg/Bayern/904;Leipzig/Sachsen/041"),
    _words("Anneliese Jürgen=juergen Käthe=kaethe Björn=bjoern Sabine Uwe"
           " Lieselotte Matthias Ayşe=ayse Günther=guenther"),
    _words("Weiß=weiss Müller=mueller Schäfer=schaefer Groß=gross Vogel"
           " Yılmaz=yilmaz Krüger=krueger Hofmann Böhm=boehm Lang"),
    ("Frau", "Herr"),
)  # fmt: skip
FRANCE = Locale(
    "France", "+33 1 99 00 1{:03d}", "{stem} {trade} {form}", "{n}, {street}",
    _words("Étoile=etoile Lumière=lumiere Hirondelle Rivière=riviere"
           " Beauséjour=beausejour Mistral Forêt=foret"
           " Garance Clément=clement Océane=oceane"),
    _list("Conseil Transports Boulangerie Vins Architecture Pharma Bâtiment"),
    _list("SARL SAS &_Fils"),
    _list("rue_de_la_Paix avenue_Foch place_du_Marché quai_des_Brumes"),
    _cities("Paris/Île-de-France/750;Lyon/Auvergne-Rhône-Alpes/690;Orléans/Centre-Val de Loire/450;"
            "Nîmes/Occitanie/300;Besançon/Bourgogne-Franche-Comté/250"),
    _words("Hélène=helene François=francois Zoé=zoe Benoît=benoit Amélie=amelie"
           " Théo=theo Clémence=clemence Noël=noel Inès=ines"),
    _words("Lefèvre=lefevre Dubois Gérard=gerard Moreau Benali Château=chateau"
           " Garçon=garcon Rousseau Nguyên=nguyen"),
    ("Mme", "M."),
)  # fmt: skip
SPAIN = Locale(
    "Spain", "+34 910 55 5{:03d}", "{trade} {stem} {form}", "{street} {n}",
    _words("Peña=pena Castaño=castano Mediodía=mediodia Albéniz=albeniz"
           " Ruiseñor=ruisenor Encina Órbita=orbita"
           " Levante Cigüeña=ciguena Almazara"),
    _list("Talleres Aceites Construcciones Viajes Cerámicas Editorial Óptica"),
    _list("S.L. S.A. e_Hijos"),
    _list("Calle_Mayor Avenida_de_la_Constitución Plaza_de_España Camino_Viejo"),
    _cities("Madrid/Comunidad de Madrid/280;Barcelona/Cataluña/080;Málaga/Andalucía/290;"
            "A Coruña/Galicia/150;Logroño/La Rioja/260"),
    _words("María=maria Íñigo=inigo Begoña=begona José=jose Lucía=lucia"
           " Andrés=andres Nuria Ramón=ramon Ainhoa Xoán=xoan"),
    _words("Núñez=nunez García=garcia Ibáñez=ibanez Muñoz=munoz Etxeberria"
           " Peñalver=penalver Sáez=saez Roca"),
    ("Sra.", "Sr."),
)  # fmt: skip
JAPAN = Locale(
    "Japan", "+81 3 5550 0{:03d}", "{form}{stem}{trade}", "{street}{n}番地",
    _words("アクメ=acme さくら=sakura 青空=aozora 北斗=hokuto"
           " 松風=matsukaze 朝日川=asahikawa 白鳥=hakucho 銀河=ginga みどり=midori"),
    _list("工業 商事 食品 電機 印刷 運輸 設計"),
    _list("株式会社 有限会社 合同会社"),
    _list("本町 桜通り 中央 港町"),
    _cities("東京/東京都/100-0;大阪/大阪府/530-0;札幌/北海道/060-0;京都/京都府/600-8;福岡/福岡県/810-0"),
    _words("花子=hanako 太郎=taro 美咲=misaki 健一=kenichi 陽菜=hina 翔=sho さくら=sakura 直樹=naoki"),
    _words("佐藤=sato 鈴木=suzuki 髙橋=takahashi 田中=tanaka 渡邉=watanabe 小林=kobayashi 加藤=kato"),
    ("様", "様"),
)  # fmt: skip
POLAND = Locale(
    "Poland", "+48 22 550 1{:03d}", "{stem} {trade} {form}", "ul. {street} {n}",
    _words("Żubr=zubr Świt=swit Łoś=los Źródło=zrodlo Bursztyn Wisła=wisla"
           " Jaskółka=jaskolka Dąb=dab Śnieżka=sniezka"),
    _list("Meble Transport Budownictwo Piekarnia Informatyka Hurt Okna"),
    _list("Sp._z_o.o. S.A. Sp._j."),
    _list("Długa Świętojańska Krótka Młyńska"),
    _cities("Warszawa/mazowieckie/00-1;Kraków/małopolskie/31-0;Łódź/łódzkie/90-4;Gdańsk/pomorskie/80-8;"
            "Wrocław/dolnośląskie/50-1"),
    _words("Małgorzata=malgorzata Łukasz=lukasz Jadwiga Zbigniew Bożena=bozena"
           " Paweł=pawel Agnieszka Stanisław=stanislaw"),
    _words("Wójcik=wojcik Nowak Wróbel=wrobel Kowalczyk Żak=zak Gołąb=golab Błaszczyk=blaszczyk"),
    ("Pani", "Pan"),
)  # fmt: skip
GREECE = Locale(
    "Greece", "+30 21 0555 0{:03d}", "{stem} {trade} {form}", "{street} {n}",
    _words("Αίολος=aiolos Ήλιος=ilios Θάλασσα=thalassa Ορίζων=orizon Κύμα=kyma Ελιά=elia Φάρος=faros"),
    _list("Τρόφιμα Ναυτιλιακή Κατασκευές Τουρισμός Εκδόσεις"),
    _list("Α.Ε. Ε.Π.Ε. Ο.Ε."),
    _list("Οδός_Ερμού Λεωφόρος_Αθηνών Πανεπιστημίου"),
    _cities("Αθήνα/Αττική/105 6;Θεσσαλονίκη/Μακεδονία/546 2;Πάτρα/Αχαΐα/262 2;Ηράκλειο/Κρήτη/712 0"),
    _words("Ελένη=eleni Γιώργος=giorgos Σοφία=sofia Νίκος=nikos Αναστασία=anastasia Δημήτρης=dimitris"),
    _words("Νικολάου=nikolaou Οικονόμου=oikonomou Αντωνίου=antoniou Γεωργίου=georgiou"),
    ("κα", "κ."),
)  # fmt: skip
EGYPT = Locale(
    "Egypt", "+20 2 5550 0{:03d}", "{form} {stem} {trade}", "{n} {street}",
    _words("النور=alnour الأمل=alamal النيل=alnil الواحة=alwaha الصقر=alsaqr"
           " الياسمين=alyasmin اللؤلؤة=allulua"),
    _list("للتجارة للمقاولات للأغذية للنقل للتقنية"),
    _list("شركة مؤسسة مجموعة"),
    _list("شارع_النصر شارع_الجمهورية طريق_الحرية"),
    _cities("القاهرة/القاهرة/115;الإسكندرية/الإسكندرية/215;الجيزة/الجيزة/125;أسوان/أسوان/815"),
    _words("فاطمة=fatima أحمد=ahmed ليلى=layla محمود=mahmoud نور=nour يوسف=youssef"),
    _words("حسن=hassan منصور=mansour السيد=alsayed إبراهيم=ibrahim خليل=khalil"),
    ("السيدة", "السيد"),
)  # fmt: skip
ISRAEL = Locale(
    "Israel", "+972 3 555 0{:03d}", "{stem} {trade} {form}", "{street} {n}",
    _words("ארז=erez הגליל=hagalil כוכב=kochav שחף=shahaf תמר=tamar מגדלור=migdalor"),
    _list("תעשיות מערכות שיווק הנדסה מזון"),
    _list('בע"מ ושות׳ ובניו'),
    _list("רחוב_הרצל שדרות_רוטשילד דרך_יפו"),
    _cities("תל אביב/תל אביב/61;ירושלים/ירושלים/91;חיפה/חיפה/31;באר שבע/הדרום/84"),
    _words("נועה=noa דוד=david תמר=tamar יונתן=yonatan שירה=shira אבי=avi"),
    _words("כהן=cohen לוי=levi מזרחי=mizrahi פרידמן=friedman ביטון=biton"),
    ("גב׳", "מר"),
)  # fmt: skip
CHINA = Locale(
    "China", "+86 10 5550 0{:03d}", "{stem}{trade}{form}", "{street}{n}号",
    _words("长城=changcheng 东方=dongfang 金龙=jinlong"
           " 晨光=chenguang 华星=huaxing 蓝海=lanhai 天山=tianshan"),
    _list("科技 贸易 食品 建筑 物流 电子"),
    _list("有限公司 股份有限公司 集团"),
    _list("人民路 中山路 解放大道"),
    _cities("北京/北京市/1000;上海/上海市/2000;深圳/广东省/5180;成都/四川省/6100"),
    _words("伟=wei 芳=fang 秀英=xiuying 娜=na 强=qiang 丽华=lihua 子轩=zixuan"),
    _words("王=wang 李=li 张=zhang 刘=liu 陈=chen 欧阳=ouyang"),
    ("女士", "先生"),
)  # fmt: skip
INDIA = Locale(
    "India", "+91 22 5550 0{:03d}", "{stem} {trade} {form}", "{n}, {street}",
    _words("सूर्य=surya गंगा=ganga हिमालय=himalaya कमल=kamal मयूर=mayur विश्वास=vishwas"),
    _list("उद्योग वस्त्र ट्रेडर्स इंजीनियरिंग खाद्य"),
    _list("प्रा._लि. लि. एंड_संस"),
    _list("महात्मा_गांधी_मार्ग स्टेशन_रोड लिंक_रोड"),
    _cities("मुंबई/महाराष्ट्र/4000;नई दिल्ली/दिल्ली/1100;जयपुर/राजस्थान/3020;वाराणसी/उत्तर प्रदेश/2210"),
    _words("दीपिका=deepika आरव=aarav प्रिया=priya रोहन=rohan अनन्या=ananya विक्रम=vikram"),
    _words("शर्मा=sharma पटेल=patel अय्यर=iyer चौधरी=chaudhary कपूर=kapoor"),
    ("श्रीमती", "श्री"),
)  # fmt: skip

LOCALES = (
    BRITAIN, GERMANY, JAPAN, BRITAIN, FRANCE, SPAIN, BRITAIN, POLAND, GREECE, BRITAIN, GERMANY, CHINA,
    BRITAIN, FRANCE, EGYPT, BRITAIN, INDIA, BRITAIN, SPAIN, ISRAEL, BRITAIN, POLAND, GERMANY, BRITAIN,
)  # fmt: skip
"""The country of each company in turn; more of them in Britain, where the"
           " products' customers mostly are."""
