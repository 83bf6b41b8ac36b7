using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;

namespace HostAgent.Texts.Tests;

public sealed class VisibleTextTests
{
    private static readonly JsonSerializerOptions Raw = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("sql-01", "sql-01")]
    [InlineData("größe Ж 漢字 नमस्ते 😀", "größe Ж 漢字 नमस्ते 😀")]
    [InlineData("e\u0301", "e\u0301")]
    [InlineData("CORP\\sql", "CORP\\sql")]
    [InlineData("a\u202Eb", "a\\u202Eb")]
    [InlineData("a\u2066b\u200Bc\u2028d\u2029e\uFEFFf\u00ADg", "a\\u2066b\\u200Bc\\u2028d\\u2029e\\uFEFFf\\u00ADg")]
    [InlineData("a\u001Bb\u0085c\u007Fd\re\nf\tg", "a\\u001Bb\\u0085c\\u007Fd\\u000De\\u000Af\\u0009g")]
    [InlineData("a\U000E0041b", "a\\U000E0041b")]
    [InlineData("a\u3164b\uFFA0c\uFE0Fd\u034Fe", "a\\u3164b\\uFFA0c\\uFE0Fd\\u034Fe")]
    [InlineData("a\uFFFFb\uE000c", "a\\uFFFFb\\uE000c")]
    public void What_cannot_be_seen_is_written_out(string text, string shown) => VisibleText.Line(text).ShouldBe(shown);

    [Fact]
    public void Half_a_surrogate_pair_is_written_out() => VisibleText.Line("a\uD83Db\uDE00").ShouldBe("a\\uD83Db\\uDE00");

    [Fact]
    public void A_document_keeps_its_lines() => VisibleText.Lines("a:\r\n\t- \u202Eb\u2028").ShouldBe("a:\r\n\t- \\u202Eb\\u2028");

    [Property]
    public void Nothing_hidden_is_left_and_nothing_visible_is_lost(string? text)
    {
        var shown = VisibleText.Line(text ?? string.Empty);
        shown.EnumerateRunes().ShouldAllBe(rune => VisibleText.IsVisible(rune));
        VisibleText.Line(shown).ShouldBe(shown);
        if ((text ?? string.Empty).All(character => character is >= ' ' and < (char)0x7F))
        {
            shown.ShouldBe(text ?? string.Empty);
        }
    }

    [Fact]
    public void No_control_format_or_separator_of_all_Unicode_is_shown()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.TryCreate(value, out var rune))
            {
                continue;
            }

            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                VisibleText.Line(rune.ToString()).ShouldStartWith("\\");
            }
            else if (Rune.IsLetterOrDigit(rune) && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0))
            {
                VisibleText.Line(rune.ToString()).ShouldBe(rune.ToString());
            }
        }
    }

    [Property]
    public void Escaped_JSON_has_the_same_value(string? text)
    {
        var value = new string((text ?? string.Empty).Where(character => !char.IsSurrogate(character)).ToArray()) + "\u202E\u2066\uFFFF\U000E0001";
        var json = JsonSerializer.Serialize(new { value }, Raw);
        var escaped = VisibleText.Json(json);
        escaped.EnumerateRunes().ShouldAllBe(rune => VisibleText.IsVisible(rune));
        JsonDocument.Parse(escaped).RootElement.GetProperty("value").GetString().ShouldBe(value);
    }

    [Theory]
    [InlineData(80, "")]
    [InlineData(81, "…")]
    [InlineData(5000, "…")]
    public void A_long_value_is_told_by_its_beginning(int length, string end)
        => VisibleText.Shortened(new string('x', length)).ShouldBe(new string('x', Math.Min(length, 80)) + end);

    [Fact]
    public void A_shortened_value_ends_with_no_half_of_a_character()
        => VisibleText.Shortened(new string('x', 79) + "😀y").ShouldBe(new string('x', 79) + "…");
}
