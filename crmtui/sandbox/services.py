"""The services the sandbox can start, in the order in which they get their ports."""

from collections.abc import Mapping

from . import solve360, spotler
from .capsule import v1, v2
from .onepagecrm import v1 as onepagecrm_v1
from .onepagecrm import v3 as onepagecrm_v3
from .service import Factory

SERVICES: Mapping[str, Factory] = {
    "spotler": spotler.build,
    "solve360": solve360.build,
    "capsule-v1": v1.build,
    "capsule": v2.build,
    "onepagecrm-v1": onepagecrm_v1.build,
    "onepagecrm": onepagecrm_v3.build,
}
