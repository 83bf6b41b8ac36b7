namespace HostAgent.Documents.Tests;

public class DocumentReaderTests
{
    private sealed record Sample(string? Name, int? Size, IReadOnlyList<string?> Parts);

    private static DocumentResult<Sample> Read(string text, DocumentLimits? limits = null)
        => DocumentReader.Read(text, "sample.yaml", root => new Sample(
            root.Required("name", "a name").Text(1, 8),
            root.Optional("size").Integer(1, 10),
            [.. root.Optional("parts").List(part => part.Mapping(mapping => mapping.Required("colour", "a colour").Text() ?? "?"))]), limits);

    private static DocumentError Only(string text, DocumentLimits? limits = null) => Read(text, limits).Errors.ShouldHaveSingleItem();

    [Theory]
    [InlineData("name: db\nsize: 3\nparts:\n  - colour: red\n")]
    [InlineData("{\"name\": \"db\", \"size\": 3, \"parts\": [{\"colour\": \"red\"}]}")]
    [InlineData("\uFEFFname: db   # the name\nsize: 3\nparts: [{colour: red}]")]
    public void Read_valid_yaml_or_json_gives_the_value(string text)
    {
        var sample = Read(text).Require();

        sample.Name.ShouldBe("db");
        sample.Size.ShouldBe(3);
        sample.Parts.ShouldBe(["red"]);
    }

    [Fact]
    public void Read_document_with_five_errors_reports_all_five_in_order_with_their_places()
    {
        var result = Read("size: 11\nparts:\n  - colour: red\n    color: blue\n  - 7\nnmae: x\n");

        result.IsValid.ShouldBeFalse();
        result.Value.ShouldBeNull();
        result.Errors.Select(error => (error.Path, error.Line, error.Column)).ShouldBe(
            [("name", 1, 1), ("size", 1, 7), ("parts[0].color", 4, 5), ("parts[1]", 5, 5), ("nmae", 6, 1)]);
        result.Errors.Select(error => error.Message).ShouldBe(
            [
                "name is missing; it must be a name.",
                "size is '11'; it must be a whole number from 1 to 10.",
                "parts[0].color is not a known key. Did you mean colour? Allowed here: colour.",
                "parts[1] is '7'; it must be a mapping of keys to values.",
                "nmae is not a known key. Did you mean name? Allowed here: name, parts, size.",
            ]);
    }

    [Fact]
    public void Require_of_invalid_document_throws_every_error_as_a_compiler_line()
        => Should.Throw<DocumentException>(() => Read("name: toolongname\nsize: x").Require()).Message.ShouldBe(
            "sample.yaml:1:7: name is 'toolongname'; it must be a text of 1 to 8 characters without control characters.\n"
            + "sample.yaml:2:7: size is 'x'; it must be a whole number from 1 to 10.");

    [Fact]
    public void Read_key_given_twice_names_the_line_of_the_first()
        => Only("name: a\nname: b\n").ShouldSatisfyAllConditions(
            error => error.Line.ShouldBe(2),
            error => error.Message.ShouldBe("name is given twice; it is already on line 1."));

    [Fact]
    public void Read_tab_indentation_says_so_with_the_line()
        => Only("name: a\nparts:\n\t- colour: red\n").ShouldSatisfyAllConditions(
            error => error.Line.ShouldBe(3),
            error => error.Message.ShouldBe("Line 3 is indented with a tab; YAML allows spaces only."));

    [Theory]
    [InlineData("name: \"unclosed\nsize: 3", 1)]
    [InlineData("name: a\n  size: 3", 2)]
    [InlineData("name: a\nparts: [1, 2", 2)]
    [InlineData("name: a\nparts: ]", 2)]
    public void Read_text_that_is_not_yaml_reports_one_error_with_its_line(string text, int line)
    {
        var error = Only(text);

        error.Message.ShouldStartWith("The document is not valid YAML or JSON: ");
        error.Line.ShouldBeGreaterThanOrEqualTo(line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    public void Read_empty_document_says_so(string text) => Only(text).Message.ShouldBe("The document is empty; it must be a mapping of keys to values.");

    [Theory]
    [InlineData("- a\n- b")]
    [InlineData("just a text")]
    public void Read_document_that_is_no_mapping_says_so(string text) => Only(text).Message.ShouldBe("The document is not a mapping of keys to values.");

    [Theory]
    [InlineData("name: &n a\nsize: 3", "defines the anchor &n")]
    [InlineData("name: *n", "uses the alias *n")]
    [InlineData("name: !!binary aGVsbG8=", "has the tag tag:yaml.org,2002:binary")]
    [InlineData("name: !secret x", "has the tag !secret")]
    [InlineData("name: a\n---\nname: b", "second document")]
    [InlineData("? [a, b]\n: c", "a list or mapping as a key")]
    public void Read_feature_that_is_not_allowed_is_refused_by_name(string text, string said) => Only(text).Message.ShouldContain(said);

    [Fact]
    public void Read_alias_bomb_is_refused_at_its_first_anchor()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(
            Enumerable.Range('b', 20).Select(letter => $"{(char)letter}: &{(char)letter} [*{(char)(letter - 1)},*{(char)(letter - 1)},*{(char)(letter - 1)}]\n"));

        Only(bomb).Message.ShouldBe("a defines the anchor &a; anchors and aliases are not allowed, write the value out.");
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Read_nesting_without_end_is_refused_at_the_limit(char opening)
        => Only("name: " + new string(opening, 500_000)).Message.ShouldMatch("nested deeper than 32 levels|a list or mapping as a key");

    [Fact]
    public void Read_nesting_up_to_the_limit_is_read()
        => Only("name: [[[a]]]", new DocumentLimits { Depth = 4 }).Path.ShouldBe("name");

    [Fact]
    public void Read_text_over_the_size_limit_is_refused_with_both_sizes()
        => Only(new string('x', 1024 * 1024 + 1)).Message.ShouldBe("The document has 1048577 bytes; it may have at most 1048576 bytes.");

    [Fact]
    public void Read_nul_character_is_refused_because_the_rest_would_be_ignored()
        => Only("name: a\nsize: \0 3").ShouldSatisfyAllConditions(
            error => (error.Line, error.Column).ShouldBe((2, 7)),
            error => error.Message.ShouldBe("The document contains the character NUL; it must be text."));

    [Fact]
    public void Read_long_hostile_value_is_shortened_and_shows_its_control_characters()
    {
        var error = Only("name: \"\\e[31m" + new string('x', 5000) + "\"");

        error.Value.Length.ShouldBe(200);
        error.Value.ShouldStartWith("\\u001B[31mxxx");
        error.Message.ShouldNotContain("\u001b");
    }

    [Fact]
    public void Read_more_errors_than_are_reported_says_how_many_are_left()
    {
        var errors = Read("name: a\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"k{i}: 1\n")), new DocumentLimits { Errors = 10 }).Errors;

        errors.Count.ShouldBe(11);
        errors[^1].Message.ShouldBe("40 more errors are not shown; fix these first.");
    }

    [Theory]
    [InlineData("name: a\nsize:\n")]
    [InlineData("name: a\nsize: ~\n")]
    [InlineData("{\"name\": \"a\", \"size\": null}")]
    public void Read_empty_value_counts_as_left_out(string text) => Read(text).Require().Size.ShouldBeNull();

    [Fact]
    public void Read_required_key_with_empty_value_is_missing_at_its_own_place()
        => Only("size: 1\nname:\n").ShouldSatisfyAllConditions(
            error => error.Line.ShouldBe(2),
            error => error.Message.ShouldBe("name is missing; it must be a name."));

    [Fact]
    public void Read_quoted_word_for_nothing_is_a_text() => Read("name: \"null\"").Require().Name.ShouldBe("null");

    [FsCheck.Xunit.Property(MaxTest = 500)]
    public bool Read_any_text_gives_a_value_or_errors_and_never_throws(string? text)
    {
        var result = Read(text ?? string.Empty);
        return result.IsValid == (result.Errors.Count == 0);
    }
}
