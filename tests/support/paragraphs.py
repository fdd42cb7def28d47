"""Short paragraphs made up for tests, each sentence marked by hand: is it something an analyst would code?"""

from __future__ import annotations

# (sentence, whether it holds a claim); the marks were set before the program read a line of them
PARAGRAPHS: dict[str, list[tuple[str, bool]]] = {
    "Sahel": [
        ("The junta in Keyra has expelled two thirds of the foreign trainers since March.", True),
        ("The capital lies on a bend of the river.", False),
        ("According to diplomats, the remaining garrison may leave before the rains unless pay resumes.", True),
        ("General Ouro studied law as a young man.", False),
        ("Caravans once carried salt through the town, and its merchants grew rich on taxes.", False),
        ("Neighbouring states will probably keep their borders closed until elections are held.", True),
    ],
    "South China Sea": [
        ("Manor Shoal lies 120 nautical miles off the coast.", False),
        ("“We are not going to withdraw a single vessel,” Admiral Lian Zhou said on Tuesday.", True),
        ("Analysts doubt that the code of conduct can be signed by 2031.", True),
        ("The first lighthouse there was built by fishermen.", False),
        ("In 1974 two navies fought a short battle over it, and one of them lost a frigate.", False),
        ("Fuel for the outpost still depends on a weekly supply run, which rival coast guards have blocked twice.", True),
    ],
    "Andes": [
        ("The two presidents met over lunch at a country house.", False),
        ("Without a loan of $2.5 billion the central bank would run out of reserves within six months.", True),
        ("Inflation reached 38 percent in April.", True),
        ("Trade unions have called for a general strike, and the finance minister is unlikely to survive it.", True),
        ("Her predecessor wrote novels.", False),
        ("The last such crisis ended when a bishop mediated between the miners and the army.", False),
    ],
    "Horn of Africa": [
        ("The dam has filled to about 70 percent, giving the upstream government more leverage over its neighbours.", True),
        ("Its spillway was designed in the 1990s.", False),
        ("Mediators said a treaty remained possible if both sides accepted annual flows of 40 billion cubic metres.", True),
        ("A breach of the truce could draw in the port state, whose ruler depends on foreign backing.", True),
        ("Tourists used to visit the gorge.", False),
        ("In the civil war of the eighties both banks changed hands several times.", False),
    ],
    "Korea": [
        ("The hotline has been silent since February 3, 2024.", True),
        ("Seoul announced that it would suspend the military accord, and troops have returned to eleven guard posts.", True),
        ("The village is known for its ginseng.", False),
        ("Pyongyang is expected to test a missile in the coming weeks, although satellite images show no fuelling.", True),
        ("An old railway bridge crosses the river.", False),
        ("The armistice was signed in a hut that now serves as a museum.", False),
    ],
    "Balkans": [
        ("The mayors of four northern towns resigned, and it is unclear whether new elections will be held.", True),
        ("Belmar has frozen its contributions to the joint police, a setback for the mission.", True),
        ("The market square was paved in 1911.", False),
        ("Brussels reportedly threatened to withhold up to 600 million euros as long as the barricades stand.", True),
        ("Coffee is cheap there.", False),
        ("The old mayor was a butcher, but nobody could say that he lacked courage.", False),
    ],
    "Central Asia": [
        ("The gas contract expires on 31 December 2026 and no talks on a renewal have begun.", True),
        ("Observers believe the president's son will succeed him, but the army's loyalty is uncertain.", True),
        ("He was born in a railway town.", False),
        ("Should the pipeline close, the republic would have to sell its gas to a single buyer.", True),
        ("The steppe is at its greenest in May.", False),
        ("When the union fell apart, the republic inherited two refineries and a fleet of old tankers.", False),
    ],
}
