"""The records that a person has marked, to do one thing with all of them."""

from collections.abc import Iterable, Iterator

from crmtui.model.record import Ref


class Marks:
    """Marked records, in the order of their marking; they stay while lists are filtered and ordered."""

    def __init__(self) -> None:
        self._refs: dict[Ref, None] = {}

    def __contains__(self, ref: object) -> bool:
        return ref in self._refs

    def __iter__(self) -> Iterator[Ref]:
        return iter(self._refs)

    def __len__(self) -> int:
        return len(self._refs)

    def toggle(self, ref: Ref) -> None:
        """Marks a record, or takes its mark away."""
        if ref in self._refs:
            del self._refs[ref]
        else:
            self._refs[ref] = None

    def toggle_all(self, refs: Iterable[Ref]) -> None:
        """Marks all of these; where all are marked, none of them is any more."""
        found = dict.fromkeys(refs)
        if found.keys() <= self._refs.keys():
            self._refs = {ref: None for ref in self._refs if ref not in found}
        else:
            self._refs |= found

    def clear(self) -> None:
        """Nothing is marked."""
        self._refs.clear()
