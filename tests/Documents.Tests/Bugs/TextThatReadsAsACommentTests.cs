using FsCheck.Xunit;

namespace HostAgent.Documents.Tests.Bugs;

/// <summary>
/// The reader took more characters for line ends than YAML 1.2, an editor and a diff do: what a person read as part of a comment could
/// be a line of its own.
/// </summary>
public sealed class TextThatReadsAsACommentTests
{
    private static readonly char[] Odd = ['\u0085', '\u2028', '\u2029', '\f', '\v', '\u001C', '\u202E', '\u2066', '\uFEFF', '\u0090'];

    private static DocumentResult<Tuple<string?, bool>> Read(string text)
        => DocumentReader.Read(text, "t", root => Tuple.Create(root.Optional("a").Text(0), root.Optional("live").IsPresent));

    [Theory]
    [InlineData("a: 1 # comment\u2028live: 1\n", "U+2028", 1, 15)]
    [InlineData("a: 1 # comment\u2029live: 1\n", "U+2029", 1, 15)]
    [InlineData("a: 1 # comment\u0085live: 1\n", "U+0085", 1, 15)]
    [InlineData("a: 1 # comment\flive: 1\n", "U+000C", 1, 15)]
    [InlineData("# \u202Ecomment\na: 1\n", "U+202E", 1, 3)]
    [InlineData("a: x\u2028y\n", "U+2028", 1, 5)]
    [InlineData("a: |\n  x\u2028  y\n", "U+2028", 2, 4)]
    [InlineData("a\u2028: 1\n", "U+2028", 1, 2)]
    [InlineData("a: 'x' # \u2028\r\n\n", "U+2028", 1, 10)]
    [InlineData("# one\r# two\r\n# \u2028three\na: 1\n", "U+2028", 3, 3)]
    [InlineData("a: 1\n# last\u2028", "U+2028", 2, 7)]
    public void It_is_refused_with_its_place(string text, string character, int line, int column)
    {
        var errors = Read(text).Errors;
        errors.ShouldNotBeEmpty();
        errors.ShouldContain(error => error.Line == line && error.Column == column && error.Message.Contains(character, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a: \"x\u2028y\"", "x\u2028y")]
    [InlineData("a: 'x\u2029y'", "x\u2029y")]
    [InlineData("{\"a\": \"x\u2028\u2029\uE000\"}", "x\u2028\u2029\uE000")]
    [InlineData("a: \"\\u2028\\L\\P\"", "\u2028\u2028\u2029")]
    [InlineData("a: \"x\u202Ey\"", "x\u202Ey")]
    [InlineData("a: \"x\n  y\"", "x y")]
    public void In_quotes_it_is_a_character_like_others(string text, string value) => Read(text).Require().Item1.ShouldBe(value);

    [Fact]
    public void A_text_with_every_private_character_is_refused_only_beside_such_line_ends()
    {
        var all = string.Concat(Enumerable.Range(0xE000, 0xF900 - 0xE000).Select(value => (char)value));
        DocumentReader.Read($"a: \"{all}\"", "t", root => root.Optional("a").Text(0, 10_000)!).Require().ShouldBe(all);
        Read($"a: \"{all}\u2028\"").Errors.ShouldHaveSingleItem().Message.ShouldContain("private characters");
    }

    [Theory]
    [InlineData("a: 1\rlive: 1")]
    [InlineData("a: 1\nlive: 1")]
    [InlineData("a: 1\r\nlive: 1")]
    public void CR_LF_and_both_end_a_line(string text) => Read(text).Require().ShouldBe(Tuple.Create<string?, bool>("1", item2: true));

    [Property]
    public void No_odd_character_makes_a_comment_live(byte kind, byte at)
    {
        const string comment = "# a remark that says live: 1 and more";
        var place = 1 + (at % comment.Length);
        var text = "a: 1\n" + comment.Insert(place, Odd[kind % Odd.Length] + (at % 2 == 0 ? "live: 1" : string.Empty)) + "\n";
        Read(text).IsValid.ShouldBeFalse();
    }

    [Theory]
    [InlineData("a: 1\n---\n")]
    [InlineData("---\na: 1\n---\n---\n")]
    [InlineData("---\n# a template left this\n---\na: 1\n...\n")]
    public void A_separator_with_nothing_after_it_is_no_second_document(string text) => Read(text).Require().Item1.ShouldBe("1");

    [Theory]
    [InlineData("a: 1\n---\na: 2\n", 2)]
    [InlineData("a: 1\n---\n---\n~\n", 3)]
    public void A_second_document_is_refused_with_its_place(string text, int line)
        => Read(text).Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            error => error.Line.ShouldBe(line),
            error => error.Message.ShouldBe("The text holds a second document; only one is allowed."));
}
