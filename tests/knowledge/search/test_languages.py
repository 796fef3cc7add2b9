"""Languages: questions in eight languages become English by word lists, and English stays as it is."""

import re

import pytest
import yaml

from knowledge import LIBRARY
from knowledge.search.languages import GUIDELINE_WORDS, language_of, read_lists, to_english
from knowledge.sources.documents import read_folder
from knowledge.sources.sections import split

LISTS = read_lists(GUIDELINE_WORDS)
LANGUAGES = ["es", "pt", "de", "fr", "zh", "ja", "hi-Latn", "tl"]

ASKED = [
    ("es", "¿Qué etiqueta lleva un adulto que pregunta a una niña la dirección de su escuela?",
     "label adult asks minor address school"),
    ("es", "Cuantos dias tiene el dueño de la seccion para responder a un desacuerdo?",
     "how many days owner section answer disagreement"),
    ("es", "¿Puedo salir de un área sin dar razones?", "can opt out area without giving a reason"),
    ("pt", "Um adulto pede a um menino para guardar segredo, qual é o nível?", "adult asks minor secret level"),
    ("pt", "Quantos defeitos pode ter a amostra antes de rejeitar o lote?",
     "how many defect sample before reject batch"),
    ("pt", "O que acontece com o meu certificado depois de uma mudança de regra?", "certificate after rule change"),
    ("de", "Welche Stufe gilt, wenn ein Erwachsener ein Kind nach der Adresse der Schule fragt?",
     "which level if adult minor address school asks"),
    ("de", "Wie viele Stunden am Tag darf ein Praktikant arbeiten und wann ist Pause?",
     "how many hours may intern work when break"),
    ("de", "Wer genehmigt die Freigabe, wenn der Schwellenwert geaendert wird?",
     "who approve release threshold changed"),
    ("fr", "Quelle étiquette pour un adulte qui demande à un enfant de garder le secret ?",
     "which label adult asks minor keep secret"),
    ("fr", "Que se passe-t-il si un lot échoue d'un défaut ?", "what happens if batch failed by one defect"),
    ("fr", "Combien de jours le proprietaire a-t-il pour repondre à un desaccord ?",
     "how many days owner answer disagreement"),
    ("zh", "成年人要求未成年人见面，应该打什么标签？", "adult request minor meet which label"),
    ("zh", "实习生每天可以标注多少小时？", "intern a day can label how many hours"),
    ("zh", "一个批次有多少缺陷会被拒收？", "batch how many defect reject"),
    ("ja", "大人のアカウントが子どもに学校の住所を聞いた場合、どのラベルですか？",
     "adult minor school address ask which label"),
    ("ja", "バッチは何件の欠陥で不合格になりますか？", "batch how many defect reject"),
    ("ja", "理由なしに分野を辞退できますか？", "without giving a reason area opt out can"),
    ("hi-Latn", "agar koi bada vyakti bacche se school ka pata puche toh kaunsa label lagega?",
     "if adult minor school address asks which label"),
    ("hi-Latn", "bachche ko baar baar group se nikala jata hai, kaunsa level hai",
     "minor again and again exclusion which level"),
    ("hi-Latn", "kya main bina wajah bataye opt out kar sakta hoon", "without giving a reason opt out can"),
    ("tl", "Anong label kapag ang matanda ay humihiling na makipagkita sa bata?",
     "which label adult request to meet minor"),
    ("tl", "Ilang depekto ang maaaring nasa sample bago tanggihan ang batch?",
     "how many defect can before reject batch"),
    ("tl", "Pwede ba akong umatras nang walang dahilan?", "can i opt out without giving a reason"),
]  # fmt: skip

HOSTILE = ["a" * 20_000, "de " * 6_600, "un-" * 6_600, "的" * 20_000, "は" * 20_000, "qu'" * 6_600, "\\(" * 10_000]


def english_texts() -> list[str]:
    """Every question of the library and every heading and title of its documents."""
    asked = yaml.safe_load((LIBRARY / "questions.yaml").read_text("utf-8"))
    found = [question for questions in asked.values() for question in questions]
    for document in read_folder(LIBRARY).documents:
        found.append(document.title)
        found += [section.path[-1] for section in split(document.id, document.title, document.body)[1] if section.path]
    return found


def test_the_file_begins_with_english_and_holds_eight_languages_without_a_word_twice() -> None:
    """Keys are unique without regard to case; `no`, `on` and numbers are text, not truth values."""
    node = yaml.compose(GUIDELINE_WORDS.read_text("utf-8"), Loader=yaml.SafeLoader)
    assert isinstance(node, yaml.MappingNode)
    assert [key.value for key, _ in node.value] == ["english", *LANGUAGES]
    for language, block in node.value[1:]:
        words = [key.value.lower() for key, _ in block.value]
        assert len(words) >= 450, language.value
        assert len(words) == len(set(words)), language.value
        assert all(word.strip() for word in words), language.value
        assert {part.tag for pair in block.value for part in pair} == {"tag:yaml.org,2002:str"}, language.value


def test_every_meaning_is_english() -> None:
    """The right side is plain lower-case English letters."""
    for words in LISTS:
        assert all(re.fullmatch(r"[a-z -]*", meaning) for meaning in words.english.values()), words.language


def test_english_questions_and_headings_stay_as_they_are() -> None:
    texts = english_texts()
    assert len(texts) > 400
    assert [text for text in texts if to_english(text, LISTS) != text] == []


@pytest.mark.parametrize(("language", "asked", "expected"), ASKED)
def test_a_question_becomes_an_english_that_holds_its_key_words(language: str, asked: str, expected: str) -> None:
    """Spelling without accents included."""
    found = language_of(asked, LISTS)
    assert found is not None
    assert found.language == language
    english = to_english(asked, LISTS).lower().split()
    assert [word for word in expected.split() if not any(word in part for part in english)] == []


@pytest.mark.parametrize(
    "text", ["Ποια ετικέτα παίρνει αυτό;", "이 항목의 라벨은 무엇입니까?", "PRV-2 vs BUL-3", "", "🙂 ??"]
)
def test_a_text_that_no_list_knows_is_left_alone(text: str) -> None:
    assert to_english(text, LISTS) == text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_long_hostile_text_returns(text: str) -> None:
    assert isinstance(to_english(text[:20_000], LISTS), str)
