"""Rule sets to begin with. Each follows a real rule, cites it, and says openly what is inferred.

A city copies one (``dataclasses.replace``) and changes it; nothing here is ever used by a running election directly.
Days that the cited rule does not settle are usual ones, and their preset says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.localized import Localized
from elections.counting.rule import Apportionment, CountingRule, Method
from elections.eligibility.composed import AllOf
from elections.eligibility.criteria import (
    Age,
    BelongsTo,
    LawfulStay,
    NotExcluded,
    NotOnAnotherList,
    Residence,
)
from elections.eligibility.facts import Citizenship, Exclusion
from elections.eligibility.periods import days, months, weeks, years
from elections.rules.deadlines import Deadline, Step, after, before
from elections.rules.rule_sets import Citation, Delegated, Group, Matter, RuleSet


def _words(en: str, de: str, ar: str) -> Localized:
    return Localized.of({"en": en, "de": de, "ar": ar}, "en")


_USUAL_DAYS = _words(
    "Days that the rule does not settle are usual ones. Check each of them.",
    "Tage, die die Regel nicht festlegt, sind übliche. Prüfen Sie jeden davon.",
    "الأيام التي لا تحددها القاعدة هي أيام معتادة. يجب التحقق من كل منها.",
)

_USUAL: Mapping[Step, Deadline] = {
    Step.NOMINATIONS_OPEN: before(100),
    Step.NOMINATIONS_CLOSE: before(69),
    Step.MENDING_CLOSES: before(58),
    Step.CANDIDATES_PUBLISHED: before(40),
    Step.ROLL_OPENS: before(20),
    Step.ROLL_CLOSES: before(16),
    Step.ROLL_APPLICATIONS_CLOSE: before(16),
    Step.ROLL_OBJECTIONS_CLOSE: before(16),
    Step.VOTING_OPENS: before(0),
    Step.FINDING: after(3, working=True),
    Step.RESULT_OBJECTIONS_CLOSE: after(40),
    Step.ROLL_DELETED: after(90),
}
_WINDOWS = {Matter.ROLL: 7, Matter.NOMINATION: 3, Matter.RESULT: 30}

# Regions x seats ------------------------------------------------------------------------------------------------------

_LEIPZIG_REGIONS = (
    Group("europe-1", _words("Europe I", "Europa I", "أوروبا 1")),
    Group("europe-2", _words("Europe II", "Europa II", "أوروبا 2")),
    Group("asia-1", _words("Asia I", "Asien I", "آسيا 1")),
    Group("asia-2", _words("Asia II", "Asien II", "آسيا 2")),
    Group("asia-3", _words("Asia III", "Asien III", "آسيا 3")),
    Group("africa-1", _words("Africa I", "Afrika I", "أفريقيا 1")),
    Group("africa-2", _words("Africa II", "Afrika II", "أفريقيا 2")),
    Group(
        "america-australia-oceania",
        _words(
            "America, Australia, Oceania", "Amerika, Australien, Ozeanien", "أمريكا وأستراليا وأوقيانوسيا"
        ),
    ),
)
_LEIPZIG_PEOPLE = AllOf(
    (
        Age(18),
        Residence(months(3)),
        BelongsTo(frozenset({Citizenship.FOREIGN, Citizenship.STATELESS, Citizenship.NATURALISED})),
    )
)

REGIONS = RuleSet(
    key="regions-leipzig-2025",
    name=_words(
        "Regions with two seats each, up to 3 votes (Leipzig 2025)",
        "Regionen mit je zwei Sitzen, bis zu 3 Stimmen (Leipzig 2025)",
        "مناطق لكل منها مقعدان، وحتى 3 أصوات (لايبزيغ 2025)",
    ),
    citation=Citation(
        "Leipzig, Satzung über die Wahlordnung für die Mitglieder des Migrantenbeirates, § 12, as changed in"
        " November 2022; election of 7 to 14 April 2025",
        "City of Leipzig, announcement and finding of the election of 2025",
        date(2025, 4, 14),
    ),
    valid_from=date(2025, 4, 7),
    to_vote=_LEIPZIG_PEOPLE,
    to_stand=_LEIPZIG_PEOPLE,
    counting=CountingRule(
        Method.PLURALITY_IN_GROUPS,
        seats=16,
        seats_per_group={group.key: 2 for group in _LEIPZIG_REGIONS},
        votes_per_voter=3,
    ),
    groups=_LEIPZIG_REGIONS,
    delegated=(
        Delegated(
            _words(
                "Members of the city council's factions",
                "Mitglieder der Stadtratsfraktionen",
                "أعضاء كتل مجلس المدينة",
            ),
            1,
            each_faction=True,
        ),
    ),
    deadlines={
        **_USUAL,
        Step.NOMINATIONS_OPEN: before(60),
        Step.NOMINATIONS_CLOSE: before(25),
        Step.MENDING_CLOSES: before(21),
        Step.CANDIDATES_PUBLISHED: before(18),
        Step.ROLL_OPENS: before(18),
        Step.ROLL_CLOSES: before(14),
        Step.ROLL_APPLICATIONS_CLOSE: before(14),
        Step.ROLL_OBJECTIONS_CLOSE: before(14),
        Step.VOTING_OPENS: before(7),
        Step.FINDING: after(0),
    },
    windows=_WINDOWS,
    remarks=(
        _words(
            "“3 votes” is inferred from 2.5 votes on each ballot of 2025. The text of the rule was not seen.",
            "„3 Stimmen“ ist aus 2,5 Stimmen je Stimmzettel von 2025 geschlossen. Der Text der Regel lag nicht vor.",
            "«3 أصوات» مستنتجة من 2.5 صوت في كل ورقة عام 2025. لم يُطّلع على نص القاعدة.",
        ),
        _words(
            "The board's list was proposed to the city council. Successors are ranked when a seat becomes free.",
            "Die Liste wurde dem Stadtrat vorgeschlagen. Nachrückende werden erst gereiht, wenn ein Sitz frei wird.",
            "اقتُرحت القائمة على مجلس المدينة. يُرتَّب البدلاء فقط عندما يشغر مقعد.",
        ),
        _words(
            "The order of two steps differs from 2025. There the roll opened 27 days before election day, while"
            " nominations still came in. Here it opens 18 days before, once the candidates are published: whoever"
            " inspects it knows who stands. Last day to nominate and voting are as in 2025.",
            "Zwei Schritte stehen anders als 2025. Damals lag das Verzeichnis ab dem 27. Tag vor dem Wahltag aus,"
            " während noch Bewerbungen eingingen. Hier liegt es ab dem 18. Tag aus, sobald die Kandidierenden"
            " veröffentlicht sind: Wer es einsieht, weiß, wer antritt. Bewerbungsschluss und Wahlzeit sind wie 2025.",
            "يختلف ترتيب خطوتين عن عام 2025. حينها فُتح سجل الناخبين قبل يوم الانتخاب بـ 27 يومًا والترشيحات لا تزال"
            " ترد. أما هنا فيُفتح قبله بـ 18 يومًا بعد نشر أسماء المترشحين، فيعرف من يطّلع عليه مَن يترشح. آخر يوم للترشح"
            " وفترة التصويت كما في عام 2025.",
        ),
        _USUAL_DAYS,
    ),
)

# Lists ---------------------------------------------------------------------------------------------------------------

LISTS = RuleSet(
    key="lists-nrw-2025",
    name=_words(
        "One vote for a whole list, Sainte-Laguë (North Rhine-Westphalia 2025)",
        "Eine Stimme für eine ganze Liste, Sainte-Laguë (Nordrhein-Westfalen 2025)",
        "صوت واحد لقائمة كاملة، سانت لاغي (شمال الراين وستفاليا 2025)",
    ),
    citation=Citation(
        "Gemeindeordnung NRW, § 27 (3) to (5); Münster, Wahlordnung für die direkt in den Integrationsrat zu"
        " wählenden Mitglieder, 22 May 2025",
        "Amtsblatt der Stadt Münster 2025 Nr. 12 S. 97; election of 14 September 2025",
        date(2025, 5, 22),
    ),
    valid_from=date(2025, 5, 22),
    to_vote=AllOf(
        (
            Age(16),
            Residence(days(16)),
            LawfulStay(years(1)),
            BelongsTo(
                frozenset(
                    {
                        Citizenship.FOREIGN,
                        Citizenship.STATELESS,
                        Citizenship.DUAL,
                        Citizenship.NATURALISED,
                        Citizenship.BORN_CITIZEN,
                        Citizenship.RESETTLER,
                    }
                )
            ),
            NotExcluded(frozenset({Exclusion.ASYLUM_PROCEDURE, Exclusion.FOREIGN_MISSION})),
        )
    ),
    to_stand=AllOf(
        (
            Age(18),
            Residence(months(3)),
            LawfulStay(years(1)),
            NotExcluded(
                frozenset({Exclusion.ASYLUM_PROCEDURE, Exclusion.FOREIGN_MISSION, Exclusion.RIGHT_LOST})
            ),
            NotOnAnotherList(),
        )
    ),
    counting=CountingRule(Method.LISTS, seats=18, apportionment=Apportionment.SAINTE_LAGUE),
    delegated=(
        Delegated(
            _words(
                "Members sent by the city council",
                "Vom Rat entsandte Mitglieder",
                "أعضاء يوفدهم مجلس المدينة",
            ),
            9,
        ),
    ),
    deadlines=_USUAL,
    windows=_WINDOWS,
    remarks=(
        _words(
            "Seats are those of Münster: 18 elected, 9 sent by the council. Other cities have other numbers.",
            "Die Sitze sind die von Münster: 18 gewählt, 9 vom Rat entsandt. Andere Städte haben andere Zahlen.",
            "المقاعد هي مقاعد مونستر: 18 منتخبًا و9 يوفدهم المجلس. للمدن الأخرى أعداد أخرى.",
        ),
        _USUAL_DAYS,
    ),
)

# Cumulative ----------------------------------------------------------------------------------------------------------

CUMULATIVE = RuleSet(
    key="cumulative-hesse-2026",
    name=_words(
        "As many votes as seats, up to 3 for one person, Hare-Niemeyer (Hesse 2026)",
        "So viele Stimmen wie Sitze, bis zu 3 je Person, Hare-Niemeyer (Hessen 2026)",
        "أصوات بعدد المقاعد، وحتى 3 لشخص واحد، هير-نيماير (هسن 2026)",
    ),
    citation=Citation(
        "Hessische Gemeindeordnung, §§ 84 to 88; Hessisches Kommunalwahlgesetz",
        "Counted by Hare-Niemeyer after the State Court's judgment of 28 January 2026, P.St. 3013",
        date(2026, 1, 28),
    ),
    valid_from=date(2026, 1, 28),
    to_vote=AllOf(
        (
            Age(18),
            Residence(weeks(6)),
            BelongsTo(frozenset({Citizenship.FOREIGN, Citizenship.STATELESS})),
            NotExcluded(frozenset({Exclusion.FOREIGN_MISSION, Exclusion.RIGHT_LOST})),
        )
    ),
    to_stand=AllOf(
        (
            Age(18),
            Residence(weeks(6)),
            BelongsTo(
                frozenset(
                    {Citizenship.FOREIGN, Citizenship.STATELESS, Citizenship.NATURALISED, Citizenship.DUAL}
                )
            ),
            NotExcluded(frozenset({Exclusion.FOREIGN_MISSION, Exclusion.RIGHT_LOST})),
            NotOnAnotherList(),
        )
    ),
    counting=CountingRule(
        Method.CUMULATIVE,
        seats=31,
        votes_per_voter=31,
        most_per_candidate=3,
        apportionment=Apportionment.HARE_NIEMEYER,
    ),
    deadlines=_USUAL,
    windows=_WINDOWS,
    remarks=(
        _words(
            "31 seats are those of Wiesbaden; the law allows 3 to 37. Votes must equal seats.",
            "31 Sitze hat Wiesbaden; das Gesetz erlaubt 3 bis 37. Stimmen und Sitze müssen gleich viele sein.",
            "31 مقعدًا هو عدد مقاعد فيسبادن؛ يسمح القانون بـ 3 إلى 37. يجب أن يتساوى عدد الأصوات والمقاعد.",
        ),
        _words(
            "With fewer candidates than seats there is no election. Residence to stand is taken from Wiesbaden.",
            "Bei weniger Bewerbungen als Sitzen findet keine Wahl statt. Die Wohndauer für Bewerbungen folgt Wiesbaden.",
            "لا تُجرى انتخابات إذا قل عدد المترشحين عن عدد المقاعد. مدة الإقامة للترشح مأخوذة من فيسبادن.",
        ),
        _USUAL_DAYS,
    ),
)

# Single transferable vote --------------------------------------------------------------------------------------------

_STV_PEOPLE = (
    Age(18),
    Residence(months(3)),
    BelongsTo(
        frozenset({Citizenship.FOREIGN, Citizenship.STATELESS, Citizenship.DUAL, Citizenship.NATURALISED})
    ),
)

STV = RuleSet(
    key="stv-scotland",
    name=_words(
        "Single transferable vote (Scottish rule)",
        "Übertragbare Einzelstimme (schottische Regel)",
        "الصوت الواحد القابل للتحويل (القاعدة الاسكتلندية)",
    ),
    citation=Citation(
        "Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 51",
        "legislation.gov.uk; replaced by SSI 2011/399 for elections from 3 May 2012",
        date(2011, 11, 10),
    ),
    valid_from=date(2011, 11, 10),
    to_vote=AllOf(_STV_PEOPLE),
    to_stand=AllOf((*_STV_PEOPLE, NotOnAnotherList())),
    counting=CountingRule(Method.STV, seats=10),
    deadlines={
        **_USUAL,
        Step.NOMINATIONS_OPEN: before(35, working=True),
        Step.NOMINATIONS_CLOSE: before(23, working=True),
        Step.MENDING_CLOSES: before(23, working=True),
        Step.CANDIDATES_PUBLISHED: before(22, working=True),
    },
    windows=_WINDOWS,
    remarks=(
        _words(
            "Only the count is the Scottish one. Who may vote, who may stand and 10 seats are examples.",
            "Schottisch ist nur die Auszählung. Wer wählen und antreten darf und 10 Sitze sind Beispiele.",
            "الفرز وحده اسكتلندي. أما من يحق له التصويت والترشح وعدد المقاعد العشرة فأمثلة.",
        ),
        _USUAL_DAYS,
    ),
)

PRESETS: tuple[RuleSet, ...] = (REGIONS, LISTS, CUMULATIVE, STV)


def preset(key: str) -> RuleSet | None:
    """The preset with this key."""
    return next((rules for rules in PRESETS if rules.key == key), None)


def newest(today: date) -> RuleSet:
    """The preset that came into force last; the oldest one before any has."""
    in_force = [rules for rules in PRESETS if rules.valid_from <= today]
    if not in_force:
        return min(PRESETS, key=lambda rules: rules.valid_from)
    return max(in_force, key=lambda rules: rules.valid_from)
