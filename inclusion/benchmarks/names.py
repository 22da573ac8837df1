"""Names of people who do not exist, as common and as oddly spelt as in a real register; and the slips of a typist.

Drawn from lists by rank (the first stands for many, the last for few) and paired without regard to anybody.
Pure.
"""

from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from random import Random

GIVEN = """
David John Margaret Mohammed Susan Michael Mary Paul Sarah James Christine Peter Patricia Andrew Karen Robert
Helen Mark Elizabeth Stephen Linda Richard Jean Ian Jacqueline Alan Julie Christopher Maureen Kevin Anne
Anthony Sheila Thomas Barbara Simon Joan Martin Catherine Philip Janet William Dorothy Gary Deborah Graham
Sandra Colin Lesley Neil Tracey Brian Carol Keith Angela Kenneth Jane Steven Emma Matthew Joanne Daniel Lisa
Raymond Michelle Jonathan Wendy Adam Claire Roger Sharon Barry Pauline Trevor Rachel Nicholas Gillian Derek
Rebecca Darren Laura Ronald Samantha Geoffrey Hazel Dennis Marion Stuart Eileen Craig Brenda Leonard Rosemary
Muhammad Aisha Fatima Ahmed Ali Yusuf Amina Priya Sanjay Rajesh Anjali Sunita Harpreet Gurpreet Manjit Deepak
Kavita Zainab Hassan Khadija Ibrahim Abdul Maryam Agnieszka Piotr Małgorzata Krzysztof Łukasz Katarzyna Paweł
Zofia Tomasz Joanna Ioan Andreea Mihai Elena Ştefan Mihaela José María João Inês Beatriz Luís Sofía Raúl Núria
Zoë Chloë Siân Rhys Llŷr Angharad Gwyneth Dafydd Eleri Siobhán Niamh Aoife Seán Ciarán Padraig Caoimhe Eilidh
Hamish Morag Callum Oluwaseun Ngozi Chidi Emeka Adaeze Folasade Kwame Ama Kofi Abena Thandiwe Tendai Sibusiso
Mei Wei Xiuying Jun Nguyễn Minh Linh Hye-jin Yuki Haruto Anne-Marie Mary-Jane Jean-Paul Sarah-Jane François
Amélie Renée André Björn Søren Åsa Jürgen Günter Mehmet Ayşe Yasemin Çiğdem Dmitri Olga Svetlana Nadia Tariq
Sadia Bilal Rukhsana Shabnam Nasreen Farida Parvin Ayesha Hodan Abdirahman Ifrah Asha Mulugeta Selam Tewodros
Blessing Precious Grace Patience Comfort Delroy Winston Marcia Errol Tyrone Leroy Chantelle Shanice Kayleigh
Jayden Mason Archie Alfie Poppy Evie Isla Freya Harriet Florence Mabel Ivy Kathryn Katherine Steffan Jon
Jonathon Ann Lindsay Lynsey Geoff Jeffrey Alison Allison Philippa Phillip Marc Shaun
""".split()

FAMILY = """
Smith Jones Williams Brown Taylor Davies Wilson Evans Thomas Johnson Roberts Walker Wright Robinson Khan
Thompson White Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill Cooper
Morris Ward Moore Patel Begum Ahmed Hussain Ali Singh Kaur Shah King Baker Harrison Morgan Lee Allen Young
James Mitchell Phillips Watson Parker Bennett Anderson Price Griffiths Cook Bell Miller Shaw Simpson Collins
Richardson Marshall Carter Cox Bailey Gray Murphy Rogers Stevens Reid Hunt Mills Palmer Holmes Webb Knight
Campbell Stewart MacDonald McDonald Macleod O’Brien O’Connor O’Neill Kelly Ryan Byrne Walsh Doyle Gallagher
Fitzgerald Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Popescu Ionescu Dumitru
Silva Santos Ferreira Oliveira García Rodríguez Fernández López Muñoz Gonçalves Adeyemi Okafor Okonkwo Nwosu
Balogun Ogunleye Mensah Owusu Boateng Asante Moyo Ndlovu Ncube Dlamini Mbeki Kamara Sesay Conteh Jalloh
Tesfaye Haile Mohamed Warsame Abdi Farah Osman Hassan Rahman Chowdhury Miah Uddin Akhtar Mahmood Malik Iqbal
Butt Chaudhry Qureshi Siddiqui Sharma Gupta Reddy Nair Krishnamurthy Subramaniam Venkataraman Chen Wang Zhang
Liu Nguyen Tran Pham Kim Park Tanaka Müller Schröder Weiß Grünwald Lefèvre Béranger Dubois Rossi Esposito
Papadopoulos Christodoulou Yılmaz Öztürk Çelik Şahin Petrov Ivanova Shevchenko Kovalenko Horváth Nagy Kovács
Novák Dvořák Đorđević Hadžić Østergaard Ångström Llewellyn Gwilliam Ap-Rhys Prothero Featherstonehaugh
Cholmondeley Braithwaite Ramsbottom Higginbotham Postlethwaite Winterbottom Shuttleworth Entwistle Arkwright
Ackroyd Barraclough Murgatroyd Sutcliffe Hebblethwaite Thistlethwaite Longbottom Abbott Archer Ashton Atkins
Barker Barlow Barnes Barrett Bates Beaumont Berry Bird Blackburn Bolton Booth Bowen Bradley Brennan Briggs
Brooks Bryant Buckley Burgess Burke Burton Butler Byrd Cameron Carr Chambers Chandler Chapman Charlton Coates
Cole Coleman Connolly Conway Coombes Cross Cunningham Curtis Daly Daniels Dawson Day Dean Dixon Donnelly
Douglas Doherty Duffy Duncan Dunn Elliott Ellis Farrell Field Finch Fisher Fleming Fletcher Flynn Ford Foster
Fowler Fox Francis Fraser Frost Gardner George Gibbons Gibson Gilbert Giles Goddard Goodwin Gordon Gough
Graham Grant Greenwood Gregory Hamilton Hammond Hardy Harper Hart Harvey Hayes Haynes Heath Henderson Henry
Hewitt Hicks Higgins Hobbs Hodgson Holden Holland Holloway Hopkins Horton Houghton Howard Howe Howell Hudson
Humphreys Hutchinson Ingram Jarvis Jenkins Jennings John Johnston Jordan Joyce Kay Kemp Kennedy Kent Kerr Kirk
Lamb Lambert Lane Law Lawrence Lawson Leach Little Lloyd Long Lowe Lucas Lynch Lyons Mann Marsden Marsh Mason
Matthews May McCarthy McKenzie MacKenzie Metcalfe Middleton Miles Moran Morrison Morton Moss Murray Myers Nash
Naylor Nelson Newman Newton Nichols Nicholson Nolan Norman Norris Norton O’Donnell O’Sullivan Oakley Osborne
Owen Owens Page Parry Parsons Payne Peacock Pearce Pearson Perkins Perry Peters Poole Porter Potter Powell
Pratt Preston Pritchard Pugh Quinn Randall Read Reed Rees Reeves Reynolds Rhodes Rice Riley Robson Rose Ross
Rowe Rowley Russell Sanders Saunders Savage Schofield Scott Sharp Short Simmonds Sinclair Skinner Slater
Spencer Stanley Steele Stephens Stephenson Stevenson Stokes Stone Sullivan Sutton Swift Sykes Tait Thorne
Thornton Thorpe Todd Townsend Tucker Tyler Vaughan Vincent Wade Wallace Walters Walton Warner Warren Waters
Watkins Watts Weaver Webster Welch Wells West Weston Wheeler Whitehead Whitehouse Whittaker Wilkins Wilkinson
Williamson Willis Winter Woodward Woods Wyatt Yates
""".split()

NEXT_KEY = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))
DOUBLE_BARRELLED, MIDDLE_NAME, SLIPS, CALLED = 0.06, 0.22, 0.03, 0.08
"""Shares of a register."""


@cache
def _by_rank(names: tuple[str, ...]) -> list[float]:
    return list(accumulate(1 / (rank + 8) for rank in range(len(names))))


def drawn(random: Random) -> Iterator[tuple[str, str]]:
    """Full name and preferred name, without end."""
    given, family = tuple(GIVEN), tuple(FAMILY)

    def one(names: tuple[str, ...]) -> str:
        return random.choices(names, cum_weights=_by_rank(names))[0]

    while True:
        first, last = one(given), one(family)
        if random.random() < DOUBLE_BARRELLED:
            last = f"{last}-{one(family)}"
        if random.random() < SLIPS:
            first, last = (slip(random, first), last) if random.random() < 0.5 else (first, slip(random, last))
        middle = f" {one(given)}" if random.random() < MIDDLE_NAME else ""
        yield f"{first}{middle} {last}", first[:3] if random.random() < CALLED else ""


def slip(random: Random, word: str) -> str:
    """One typical mistake: two letters swapped, one left out, doubled, or the key beside it; never the first."""
    if len(word) < 4:
        return word
    at = random.randrange(1, len(word) - 1)
    kinds = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
        word[:at] + NEXT_KEY.get(word[at], "e") + word[at + 1 :],
    )
    return random.choice(kinds)
