"""What invented customers and goods are called; no name is made twice."""

import math
from collections.abc import Iterator
from random import Random

CATEGORIES = (
    "Skin Hair Dress Jacket Shoes Hat Ring Necklace Tattoo Sofa Table Lamp House Garden Tree Boat"
    " Car Pet Dance Sign"
).split()
STYLES = (
    "Amber Azure Bohemian Coral Crimson Dusk Ember Gothic Harbour Indigo Ivory Jade Lunar Meadow"
    " Midnight Mist Nordic Opal Pearl Rustic Sable Solar Tidal Velvet Willow"
).split()
REGIONS = (
    "Abbots Aurora Bellisaria Calas Cordova Dreamseeker Fairchang Heterocera Jeogeot Kama Luna"
    " Morris Nova Oak Peril Quarry Rhoda Sansara Tavana Zindra"
).split()
CORNERS = "Plaza Pier".split()
GROUPS = "Mainland Islands Malls Events Partners".split()
FIRST_NAMES = (
    "abby ada aiko alba alex amber anya aria aspen bea bella blake bree cali carmen casey cleo"
    " cora dana daria dax devin dora eden elena ella ember enzo esme faye finn freya gemma gia"
    " gwen hana harper hazel iris isla ivy jade jax jules kai kira lana leo lila luca luna mara"
    " maya mika milo nadia nero nico nora nova olive onyx opal orion pax pearl petra quinn raven"
    " remy rhea rowan ruby sable sage sasha selene sky stella tess theo toby uma vera vesper"
    " violet wren xena yara yuki zara zoe zuri"
).split()
LAST_NAMES = (
    "abbot aeon allen amat ashbourne babii barbosa beaumont bellic blackheart boa bravin burner"
    " capra carter cazalet chemistry clip constantine corleone dagger darkstone decosta demina"
    " dover dreamscape dryke eames easterling ember fairlady falconer flanagan fride galli gossip"
    " graves habercom hax heart huet igaly inglewood janus jewell kamachi karu klaar korobase lane"
    " laval lemon lisle loon magic mannonen massiel merlin mint moonwall mureaux nakamori"
    " nightfire noel oh orsini paine parx pinion plympton qinan rau repine ronas salubrius senior"
    " skytower slade starr svoboda szondi tammas thor tomsen tripsa umarov ushimawa vantongerloo"
    " vella voom wemyss widget wylder xue yifu zabelin zapatero zhao"
).split()
ADJECTIVES = (
    "blue brave bright calm cosmic crazy crystal dark dizzy electric fancy frozen gentle golden"
    " happy hidden icy jolly lazy little lost lucky magic mellow misty neon odd pink pixel proud"
    " quiet red rusty secret shy silent silver sleepy sly snowy starry stormy sunny sweet tiny"
    " urban vivid wicked wild witty"
).split()
CREATURES = (
    "angel badger bear bunny cat crow deer dragon drake eagle elf fairy falcon fox frog ghost"
    " gnome hawk heron hound imp jackal kitten koala lark lion lynx mermaid mole moth newt otter"
    " owl panda pixie pony puma raven robin seal spider swan tiger toad unicorn viper wasp wolf"
    " wombat yak"
).split()


def scattered(count: int, dice: Random) -> tuple[int, int]:
    """Factor and shift of a permutation of 0 to `count` - 1: `(i * factor + shift) % count`."""
    factor = max(1, count * 618 // 1000 + dice.randrange(count // 100 + 1))
    while math.gcd(factor, count) != 1:
        factor += 1
    return factor, dice.randrange(count)


def usernames(count: int, dice: Random) -> Iterator[str]:
    """Second Life usernames: `first.last` of the old days, and one word since then."""
    legacy = _places(count, len(FIRST_NAMES) * len(LAST_NAMES), dice)
    modern = _places(count, len(ADJECTIVES) * len(CREATURES), dice)
    for old, new in zip(legacy, modern, strict=True):
        yield _legacy(old) if dice.random() < 0.5 else _modern(new)


def product_name(number: int, category: int) -> str:
    edition, style = divmod(number, len(STYLES))
    return f"{STYLES[style]} {CATEGORIES[category]}{f' {edition + 1}' if edition else ''}"


def _places(count: int, names: int, dice: Random) -> Iterator[int]:
    """Places in an endless list of names: it begins again with a number after each name."""
    size = names * -(-count // names)
    factor, shift = scattered(size, dice)
    return ((index * factor + shift) % size for index in range(count))


def _legacy(place: int) -> str:
    place, last = divmod(place, len(LAST_NAMES))
    number, first = divmod(place, len(FIRST_NAMES))
    return f"{FIRST_NAMES[first]}{number or ''}.{LAST_NAMES[last]}"


def _modern(place: int) -> str:
    place, creature = divmod(place, len(CREATURES))
    number, adjective = divmod(place, len(ADJECTIVES))
    return f"{ADJECTIVES[adjective]}{CREATURES[creature]}{number or ''}"
