"""Word lists of the made-up company: given names, family names, nicknames, of several origins and scripts.

Family names are put together from parts, so that there are thousands of them without listing thousands. A name written
`Latin|Native` also has a form in its own script, which some records use.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a family comes from: its given names (female, male) and the parts of its family names."""

    name: str
    share: float  # of all households
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


def _compose(heads: str, tails: str) -> tuple[str, ...]:
    return tuple(head + tail for head in heads.split() for tail in tails.split())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ORIGINS: tuple[Origin, ...] = (
    Origin(
        "english",
        0.44,
        _words("Elizabeth Margaret Katherine Susan Jennifer Patricia Rebecca Deborah Christine Victoria Alexandra Samantha Emily "
               "Hannah Grace Olivia Charlotte Abigail Eleanor Lucy Ruby Hazel Ivy Florence Matilda Harriet Rose Daisy Judith "
               "Barbara Dorothy Joan Frances Josephine Madeline Penelope Beatrice Philippa Gwendolyn Rosalind"),
        _words("William Robert Richard James Michael Thomas Edward Charles Joseph Christopher Anthony Benjamin Daniel Matthew "
               "Andrew Nicholas Samuel Alexander Jonathan Timothy Gregory Stephen Kenneth Ronald Peter Frederick Albert Henry "
               "Oliver Jack Leo Arthur Theodore Walter Harold Gerald Patrick Lawrence Zachary Nathaniel"),
        _compose("Ash Beck Birch Black Brad Bram Brook Clay Cole Cran Dal East Elm Fair Farn Glen Hazel Heath Holl Kirk Lang Lin "
                 "Marl May Nor Oak Pen Quen Rad Ring Row Sand Sel Shel Stan Stock Thorn Wake Wen Wind Wool York",
                 "bourne bury by combe cott dale den field ford ham hurst ley man more ridge son stead ton wick wood worth"),
    ),
    Origin(
        "spanish",
        0.14,
        _words("María Lucía Sofía Isabel Carmen Pilar Dolores Rocío Inés Elena Beatriz Ximena Valentina Camila Mónica Verónica "
               "Noemí Araceli Concepción Guadalupe"),
        _words("José Jesús Andrés Álvaro Martín Joaquín Íñigo Rubén Óscar Ramón Héctor Raúl Francisco Ignacio Alejandro Emilio "
               "Rafael Eduardo Sebastián Tomás"),
        _compose("Alb Barr Cald Carr Card Dom Esc Ferr Galv Herr Ib Lozan Mald Mont Nav Oliv Peñ Quint Rold Salv Torr Urb Vald "
                 "Villar Zam", "eda ero ares ínez ón oso ado alba úñez ales ovar"),
    ),
    Origin(
        "german",
        0.10,
        _words("Anneliese Brigitte Gisela Hildegard Ursula Jürgena Käthe Bärbel Sabine Heike Ulrike Petra Monika Katharina "
               "Friederike Theresa Margarethe Lieselotte"),
        _words("Jürgen Günther Jörg Björn Wolfgang Dieter Klaus Heinrich Friedrich Matthias Sebastian Götz Lothar Rüdiger Detlef "
               "Maximilian Johannes Ludwig"),
        _compose("Bach Berg Birken Brunn Eichen Feld Grün Hüben Hohen Kirsch Lind Mühl Neu Ober Rosen Schön Stein Tannen Vogel "
                 "Wald Weiß Winkel", "auer bach bauer berger brecht feld hofer inger mann müller scheid stein thaler"),
    ),
    Origin(
        "french",
        0.07,
        _words("Amélie Aurélie Chloé Élodie Françoise Geneviève Hélène Joséphine Océane Solène Thérèse Zoé Céline Noémie Margaux "
               "Mathilde"),
        _words("André Benoît Cédric Étienne François Gaël Jérôme Loïc Noël Rémi Stéphane Théo Grégoire Mathieu Philippe Antoine"),
        _compose("Beau Bel Bon Char Clair Du Font Gros Haute Lam Mar Mont Ren Roche Sau Tre Val Ver",
                 "bois champ chêne ard fort lière mont nard pierre rand tier val vière"),
    ),
    Origin(
        "polish",
        0.06,
        _words("Agnieszka Małgorzata Katarzyna Bożena Grażyna Jadwiga Łucja Stanisława Zofia Wiesława Halina Żaneta"),
        _words("Stanisław Władysław Zbigniew Łukasz Paweł Michał Kazimierz Grzegorz Wojciech Mirosław Tadeusz Józef"),
        _compose("Bor Brzoz Dąbr Grab Jawor Kalin Kos Lip Malin Ostr Piotr Sikor Sosn Wierzb Wiśni Zaj Źrebi",
                 "owski ecki ewicz ak czyk owicz iński"),
    ),
    Origin(
        "indian",
        0.07,
        _words("Aishwarya Deepika Kavita Lakshmi Meenakshi Priyanka Radhika Sunita Vidya Anjali Divya Shreya"),
        _words("Arjun Rajesh Sanjay Vikram Aditya Harish Karthik Manoj Prakash Suresh Venkatesh Rohan"),
        _compose("Bala Chandra Dev Gopal Jaya Krishna Mani Nara Raja Rama Shan Subra Surya Venka",
                 "krishnan murthy nath pal puri rajan samy swamy yan varma"),
    ),
    Origin(
        "turkish",
        0.04,
        _words("Ayşe Çiğdem Gülşah Özge Şebnem Zeynep Büşra Elif Nurgül Sevgi"),
        _words("Çağlar Gökhan İbrahim Oğuz Ömer Şükrü Tuğrul Ümit Yiğit Emre"),
        _compose("Ak Altın Ay Boz Çelik Demir Gök Güneş Kara Koç Öz Şahin Taş Yıldız",
                 "alp bay can demir er kaya lar oğlu soy türk"),
    ),
    Origin(
        "vietnamese",
        0.03,
        _words("Hạnh Hương Lan Mai Ngọc Phương Thảo Trang Tuyết Yến"),
        _words("Bình Cường Dũng Hải Khánh Long Minh Phúc Quân Tuấn"),
        _words("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương"),
    ),
    Origin(
        "greek",
        0.03,
        _words("Eleni|Ελένη Katerina|Κατερίνα Sofia|Σοφία Dimitra|Δήμητρα Ioanna|Ιωάννα Vasiliki|Βασιλική Anna|Άννα Zoe|Ζωή"),
        _words("Giorgos|Γιώργος Nikos|Νίκος Dimitris|Δημήτρης Kostas|Κώστας Yannis|Γιάννης Spyros|Σπύρος Petros|Πέτρος "
               "Stavros|Σταύρος"),
        _words("Papadakis|Παπαδάκης Galanis|Γαλάνης Vlachos|Βλάχος Karras|Καρράς Makris|Μακρής Rallis|Ράλλης Samaras|Σαμαράς "
               "Doukas|Δούκας Lekkas|Λέκκας Zervas|Ζέρβας Kalogeras|Καλογεράς Manousos|Μανούσος"),
    ),
    Origin(
        "ukrainian",
        0.02,
        _words("Oksana|Оксана Olena|Олена Halyna|Галина Svitlana|Світлана Kateryna|Катерина Nadiia|Надія Maryna|Марина"),
        _words("Andrii|Андрій Bohdan|Богдан Taras|Тарас Mykola|Микола Oleksandr|Олександр Petro|Петро Vasyl|Василь"),
        _words("Kovalenko|Коваленко Bondarenko|Бондаренко Melnyk|Мельник Tkachuk|Ткачук Kravets|Кравець Lysenko|Лисенко "
               "Honchar|Гончар Savchuk|Савчук Shevchuk|Шевчук Marchenko|Марченко"),
    ),
)  # fmt: skip

# What people are called instead; both ways round a matcher should know they are one name.
NICKNAMES: dict[str, str] = dict(
    pair.split("=")
    for pair in _words(
        "Elizabeth=Liz Margaret=Peggy Katherine=Kate Susan=Sue Jennifer=Jenny Patricia=Pat Rebecca=Becky Deborah=Debbie "
        "Christine=Chris Victoria=Vicky Alexandra=Alex Samantha=Sam Abigail=Abby Eleanor=Nell Charlotte=Lottie Matilda=Tilly "
        "Barbara=Barb Dorothy=Dot Frances=Fran Josephine=Josie Madeline=Maddie Penelope=Penny Beatrice=Bea Judith=Judy "
        "William=Bill Robert=Bob Richard=Dick James=Jim Michael=Mike Thomas=Tom Edward=Ted Charles=Charlie Joseph=Joe "
        "Christopher=Chris Anthony=Tony Benjamin=Ben Daniel=Dan Matthew=Matt Andrew=Andy Nicholas=Nick Samuel=Sam "
        "Alexander=Alex Jonathan=Jon Timothy=Tim Gregory=Greg Stephen=Steve Kenneth=Ken Ronald=Ron Peter=Pete Frederick=Fred "
        "Albert=Bert Henry=Harry Theodore=Ted Walter=Wally Gerald=Gerry Patrick=Paddy Lawrence=Larry Zachary=Zach "
        "Nathaniel=Nate María=Mari Dolores=Lola Concepción=Concha Guadalupe=Lupe José=Pepe Francisco=Paco Ignacio=Nacho "
        "Alejandro=Alex Eduardo=Edu Rafael=Rafa Brigitte=Gitte Katharina=Kathi Friederike=Rike Wolfgang=Wolf "
        "Sebastian=Basti Maximilian=Max Johannes=Hannes Małgorzata=Gosia Katarzyna=Kasia Stanisław=Staszek Zofia=Zosia "
        "Katerina=Katia Dimitra=Mimi Oleksandr=Sasha Kateryna=Katia"
    )
)
