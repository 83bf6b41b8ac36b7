using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HostAgent.Documents.Tests;

/// <summary>What a reader asks of a place is what the schema says of it.</summary>
public sealed class DocumentSchemaTests
{
    [Fact]
    public void A_text_may_be_written_without_quotes()
        => Describe(field => field.Text(0, 9)).ShouldBe("""{"type":["string","number","boolean"],"maxLength":9}""");

    [Fact]
    public void A_name_has_no_blanks_around_it()
        => Describe(field => field.Name(1, 9)).ShouldBe("""{"type":["string","number","boolean"],"minLength":1,"maxLength":9,"pattern":"^\\S(.*\\S)?$"}""");

    [Fact]
    public void A_pattern_ends_as_JSON_Schema_writes_it()
        => Describe(field => field.Matching(new Regex("^[a-z]+\\z", RegexOptions.None, TimeSpan.FromSeconds(1)), "letters")).ShouldBe("""{"type":"string","pattern":"^[a-z]+$"}""");

    [Fact]
    public void A_number_has_its_range_and_its_default()
    {
        Describe(field => field.Integer(1, 10, fallback: 3)).ShouldBe("""{"type":"integer","minimum":1,"maximum":10,"default":3}""");
        Describe(field => field.Number(0.5, 10)).ShouldBe("""{"type":"number","minimum":0.5,"maximum":10}""");
        Describe(field => field.NumberAbove(1, 10, fallback: 1.5)).ShouldBe("""{"type":"number","exclusiveMinimum":1,"maximum":10,"default":1.5}""");
    }

    [Fact]
    public void The_bounds_of_a_duration_stand_in_its_description()
        => Describe(field => field.Described("The pause.").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(2), TimeSpan.FromSeconds(30)))
            .ShouldBe("""{"description":"The pause; 1s to 2h.","$ref":"#/$defs/duration","default":"30s"}""");

    [Fact]
    public void A_choice_lists_what_is_allowed()
    {
        Describe(field => field.Choice("only")).ShouldBe("""{"const":"only"}""");
        Describe(field => field.Choice("one", "other")).ShouldBe("""{"enum":["one","other"]}""");
        Describe(field => field.Choice(new Dictionary<string, int> { ["one"] = 1, ["two"] = 2 }, fallback: 2)).ShouldBe("""{"enum":["one","two"],"default":"two"}""");
        Describe(field => field.Boolean(fallback: true)).ShouldBe("""{"type":"boolean","default":true}""");
    }

    [Fact]
    public void A_list_has_its_bounds_and_its_elements()
        => Describe(field => field.List(element => element.Text(1, 5), minimum: 1, maximum: 7))
            .ShouldBe("""{"type":"array","minItems":1,"maxItems":7,"items":{"type":["string","number","boolean"],"minLength":1,"maxLength":5}}""");

    [Fact]
    public void A_mapping_has_its_keys_and_no_others()
        => Describe(field => field.Mapping(mapping =>
            {
                mapping.Required("a", "a").Boolean();
                mapping.Optional("b").Boolean();
                mapping.RefuseTogether("a", "b");
                return "read";
            }))
            .ShouldBe("""{"type":"object","not":{"required":["a","b"]},"properties":{"a":{"type":"boolean"},"b":{"type":"boolean"}},"required":["a"],"additionalProperties":false}""");

    [Fact]
    public void A_mapping_that_several_places_share_is_declared_once()
    {
        static string? Read(MappingReader mapping) => mapping.Optional("text").Text();

        var schema = JsonNode.Parse(DocumentSchema.Describe("urn:test", "t", "d", root =>
        {
            root.Optional("first").Mapping(Read, "shared");
            root.Optional("second").Mapping(Read, "shared");
            return "read";
        }))!;

        schema["properties"]!.ToJsonString().ShouldBe("""{"first":{"$ref":"#/$defs/shared"},"second":{"$ref":"#/$defs/shared"}}""");
        schema["$defs"]!["shared"]!["properties"]!["text"].ShouldNotBeNull();
    }

    [Fact]
    public void A_mapping_of_several_kinds_is_one_of_them()
    {
        var kinds = new Dictionary<string, Func<MappingReader, string>>
        {
            ["plain"] = _ => "plain",
            ["timed"] = mapping => mapping.Optional("after").Boolean().ToString()!,
        };

        Describe(field => field.MappingByKind("kind", kinds, "fault")).ShouldBe("""{"oneOf":[{"$ref":"#/$defs/fault.plain"},{"$ref":"#/$defs/fault.timed"}]}""");
    }

    [Fact]
    public void A_reader_that_refuses_absent_values_can_be_described_all_the_same()
        => Describe(field =>
        {
            field.Reject("something");
            return field.Text(0, 1);
        }).ShouldContain("maxLength");

    private static string Describe(Func<Field, object?> read)
        => JsonNode.Parse(DocumentSchema.Describe("urn:test", "t", "d", root =>
        {
            read(root.Optional("x"));
            return "read";
        }))!["properties"]!["x"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
