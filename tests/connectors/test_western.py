"""Words beyond ASCII below Western headers: which may be Western, and which were read wrongly."""

import pytest

from fullcircle.connectors.sources.files.western import is_western


@pytest.mark.parametrize("text", ["Nº factura", "Hª clínica", "Mª José Núñez", "2ª planta", "Jürgen Groß", "Ærø", "São João"])
def test_western_words(text):
    assert is_western(text)


@pytest.mark.parametrize("text", ["Iaºi", "Brºila", "Csûrös", "ÿþ"])
def test_words_of_other_countries_read_as_western(text):
    assert not is_western(text)
