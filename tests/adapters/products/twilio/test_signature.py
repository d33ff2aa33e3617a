"""The example that the provider's own documents and libraries go by."""

from adapters.products.twilio.signature import is_signed, signature

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+12349013030",
    "Digits": "1234",
    "From": "+12349013030",
    "To": "+18005551212",
}
TOKEN = "12345"
SIGNATURE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def test_the_documented_example_comes_out() -> None:
    assert signature(URL, FORM.items(), TOKEN) == SIGNATURE
    assert is_signed(URL, FORM.items(), {"x-twilio-signature": SIGNATURE}, TOKEN)


def test_another_address_field_token_or_nothing_is_not_signed() -> None:
    shown = {"x-twilio-signature": SIGNATURE}
    assert not is_signed(f"{URL}1", FORM.items(), shown, TOKEN)
    assert not is_signed(URL, {**FORM, "To": "+1"}.items(), shown, TOKEN)
    assert not is_signed(URL, FORM.items(), shown, "12346")
    assert not is_signed(URL, FORM.items(), {}, TOKEN)
    assert not is_signed(URL, FORM.items(), {"x-twilio-signature": "é"}, TOKEN)


def test_the_order_of_fields_does_not_matter_and_empty_ones_count() -> None:
    assert signature(URL, reversed(FORM.items()), TOKEN) == SIGNATURE
    assert signature(URL, [*FORM.items(), ("Body", "")], TOKEN) != SIGNATURE
