using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using HostAgent.Texts;

namespace HostAgent.Documents.Tests;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("sql-*", "SQL-01", true)]
    [InlineData("sql-??", "sql-01", true)]
    [InlineData("sql-??", "sql-1", false)]
    [InlineData("*-01", "sql-01", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXcYb", false)]
    [InlineData("*?", "", false)]
    [InlineData("**", "x", true)]
    [InlineData("CORP\\sql-07", "CORP\\sql-07", true)]
    [InlineData("CORP\\*", "corp\\app-01", true)]
    [InlineData("sql\\-01", "sql-01", false)]
    [InlineData("\\?", "?", false)]
    [InlineData("[a-z]", "a", false)]
    [InlineData("{a,b}", "{A,B}", true)]
    [InlineData("a\"b<c>d", "A\"B<C>D", true)]
    [InlineData("?", "😀", true)]
    [InlineData("??", "😀", false)]
    [InlineData("?", "👨‍👩‍👧", true)]
    [InlineData("?", "e\u0301", true)]
    [InlineData("größe", "gro\u0308ße", true)]
    [InlineData("gro\u0308*", "größe", true)]
    [InlineData("gr?ße", "gro\u0308ße", true)]
    [InlineData("i*", "ISTANBUL", true)]
    [InlineData("ı*", "ISTANBUL", false)]
    [InlineData("straße", "STRASSE", false)]
    public void A_pattern_has_two_signs_and_no_others(string pattern, string name, bool fits) => new Glob(pattern).Matches(name).ShouldBe(fits);

    [Fact]
    public void The_language_of_the_machine_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            new Glob("file-*").Matches("FILE-01").ShouldBeTrue();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Property]
    public void Every_name_without_signs_fits_itself_in_any_case_and_form(string? text)
    {
        var name = new string((text ?? "x").Where(character => character is not ('*' or '?') && !char.IsSurrogate(character)).ToArray());
        var glob = new Glob(name);
        glob.Matches(name).ShouldBeTrue();
        glob.Matches(name.ToUpperInvariant()).ShouldBe(NameText.Same(name, name.ToUpperInvariant()));
        glob.Matches(name.Normalize(NormalizationForm.FormD)).ShouldBeTrue();
        new Glob(name + "*").Matches(name + "tail").ShouldBeTrue();
        new Glob("*" + name).Matches("head" + name).ShouldBeTrue();
    }

    [Property]
    public void It_judges_as_a_plain_recursion_does(byte[] pattern, byte[] name)
    {
        // Few letters, so that they often meet.
        var signs = string.Concat(pattern.Take(8).Select(value => "ab*?"[value % 4]));
        var letters = string.Concat(name.Take(10).Select(value => "ab"[value % 2]));
        new Glob(signs).Matches(letters).ShouldBe(Plain(signs, letters));
    }

    [Fact]
    public void A_hostile_pattern_takes_no_longer_than_its_length_times_the_name()
    {
        var glob = new Glob(string.Concat(Enumerable.Repeat("a*", 127)) + "b");
        glob.Matches(new string('a', 100_000)).ShouldBeFalse();
    }

    private static bool Plain(string pattern, string name)
        => pattern.Length == 0 ? name.Length == 0
        : pattern[0] == '*' ? Plain(pattern[1..], name) || (name.Length > 0 && Plain(pattern, name[1..]))
        : name.Length > 0 && (pattern[0] == '?' || pattern[0] == name[0]) && Plain(pattern[1..], name[1..]);
}
