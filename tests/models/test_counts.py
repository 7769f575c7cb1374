"""No count under eleven can be worked out of what is shown, by any arithmetic (I11)."""

import itertools
import random

from models.counts import K, shown_count, shown_line, tell_no_more

HIDDEN = range(1, K)


def test_a_count_under_eleven_is_hidden_and_none_is_shown():
    assert [shown_count(n) for n in (0, 1, 10, 11, 500)] == [0, None, None, 11, 500]


def published(counts):
    """All that a reader is given: whether a total is shown is a fact too."""
    line = shown_line(counts)
    return tuple(line.cells), line.total, line.at_least


def worlds(counts):
    """Every line that would be published with these very words."""
    line = shown_line(counts)
    places = [place for place, cell in enumerate(line.cells) if cell is None]
    for values in itertools.product(HIDDEN, repeat=len(places)):
        world = list(counts)
        for place, value in zip(places, values, strict=True):
            world[place] = value
        if published(world) == published(counts):
            yield world


def test_each_hidden_cell_may_still_be_any_number_from_one_to_ten():
    """I11, by brute force: every line of up to four hidden cells, with shown ones beside."""
    faults = []
    for hidden in range(1, 4):
        for values in itertools.combinations_with_replacement(HIDDEN, hidden):
            counts = [*values, 0, 25]
            possible = [{world[place] for world in worlds(counts)} for place in range(hidden)]
            if any(values != set(HIDDEN) for values in possible):
                faults.append(counts)
    assert faults == []


def test_four_hidden_cells_tell_no_more():
    draw = random.Random(31)
    for _ in range(20):
        counts = [draw.choice(HIDDEN) for _ in range(4)] + [11, 0]
        for place in range(4):
            assert {world[place] for world in worlds(counts)} == set(HIDDEN)


def test_a_table_tells_no_more_than_its_lines():
    """Lines share no cell and no sum: what is known of one does not bear on another, and no total
    by column is given. Two lines that differ only by what is hidden are published alike."""
    assert published([5, 6, 40]) == published([1, 10, 40])


def test_totals_are_shown_when_they_may_be():
    assert shown_line([20, 30]).total == 50
    assert shown_line([20, 4]).total is None
    assert shown_line([20, 4]).at_least == 21
    assert shown_line([20, 4, 7]).total == 31
    assert shown_line([20, 1, 1]).total is None
    assert shown_line([3, 5, 4]).total == 12
    assert shown_line([]) == ([], 0, 0)


def test_among_a_known_number_of_people_no_hidden_cell_is_told():
    """I11, by brute force: whoever knows how many people there are can exclude no world that is
    published with the same words."""
    for counts, other in itertools.product(
        ([11, 3, 5], [4, 9, 0], [1, 2, 30], [11, 12, 0]), (7, 40)
    ):
        lines = [shown_line(counts), shown_line([other])]
        most = max(sum(world) for world in worlds(counts)) + max(map(sum, worlds([other])))
        hides = None in (*lines[0].cells, *lines[1].cells)
        for among in range(sum(counts) + other, most + 2):
            assert tell_no_more(lines, among=among) <= (among >= most or not hides)
        assert tell_no_more(lines, among=sum(counts) + other + 10 * K)


def test_eleven_shown_among_twelve_tell_the_last_one():
    lines = [shown_line([11, 1])]
    assert not tell_no_more(lines, among=12)
    assert not tell_no_more(lines, among=20)
    assert tell_no_more(lines, among=21)
    assert tell_no_more([shown_line([11, 0])], among=11)
