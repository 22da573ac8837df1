"""Names for people who do not exist, drawn at random and paired without regard to anybody who does."""

FIRST = """
Aaliyah Abena Adwoa Agnes Ahmed Aidan Akua Alan Alfie Amara Amina Ana Andrew Anjali Anthony Arif Ayesha
Barbara Beatriz Bernard Bilal Blessing Brenda Carlos Carol Cedric Chantelle Charles Chidi Chloe Clive
Colin Daniela David Deborah Delroy Denise Derek Donna Doreen Dwayne Ebony Edna Elif Emeka Errol Esther
Farah Fatima Femi Florence Frank Gareth Gloria Grace Hamza Harriet Hassan Helen Hodan Ibrahim Ines Irene
Isaac Ivy Jamal Janet Jasmine Jerome Joan Jose Joyce Kareem Keisha Kevin Kofi Kwame Laila Lesley Linda
Lorraine Luis Mabel Marcia Marek Maria Marlon Maureen Mehmet Mercy Mohamed Monica Nadia Naomi Neil Ngozi
Olga Olu Omar Pauline Pedro Philip Priya Rachel Rashid Rebecca Rita Rosa Roy Ruth Sadia Samuel Sandra
Sanjay Sharon Sheila Sofia Stephen Sunita Sylvia Tariq Teresa Thandi Thomas Tunde Valerie Vera Victor
Wayne Winston Yasmin Yusuf Zainab
""".split()

LAST = """
Abara Acheson Adeyinka Akinwale Alderton Amoah Appleyard Arkwright Asante Bagshaw Baptiste Barnwell Begum
Bellamy Boateng Brathwaite Brannigan Calder Campion Carvalho Chaudhry Chilton Cobbold Costello Dacre
Danso Delgado Demir Desai Dunmore Ekwueme Elphick Fairweather Ferreira Fofana Gaunt Ghani Greenslade
Haddow Hargreave Hashemi Hinds Holbrook Hussein Iwobi Jankowski Jessop Kamara Kapoor Kaya Kellaway Khalil
Kingsley Kowalski Lamptey Langridge Lobo Lockyer Mahmood Marchbank Mensah Moncrieff Mustafa Nwosu
Oakeshott Obi Odum Okoro Osei Oyelaran Palfrey Pereira Pinnock Quartey Quayle Rahman Ramsey Redfern
Ribeiro Rowbotham Sandiford Sesay Shah Silva Siddiqui Stallard Tembo Thackray Tomlin Usman Varley Vasquez
Wadsworth Walcott Warsame Whitlock Yeboah
""".split()

UNUSUAL = (
    "ليلى الحسن",
    "Mononymous",
    "Siân Llŷr ap Gruffudd-Wrexham-Montgomery of the Very Long Surname Which Is Nevertheless Hers",
    "D'Arcy O’Connell-Nuñez",
)
OUTWARD = ("SE1", "SE4", "SE5", "SE8", "SE13", "SE14", "SE15", "SE16", "SE22", "SE24", "SW2", "SW4", "SW9", "CR0")
LANGUAGES = ("Somali", "Portuguese", "Bengali", "Spanish", "Turkish", "Polish", "British Sign Language")
