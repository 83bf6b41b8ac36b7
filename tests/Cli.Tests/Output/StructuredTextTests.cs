using System.Text.Json;
using HostAgent.Cli.Output;
using YamlDotNet.RepresentationModel;

namespace HostAgent.Cli.Tests.Output;

public sealed class StructuredTextTests
{
    [Fact]
    public void JSON_is_one_line()
        => Write(OutputFormat.Json, """{"a":[1,2]}""").ShouldBe("{\"a\":[1,2]}\n");

    [Fact]
    public void YAML_is_a_document_that_begins_with_its_marker_and_keeps_the_order_of_the_fields()
        => Write(OutputFormat.Yaml, """{"name":"campaigns/east","count":3,"done":true,"labels":{"ticket":"DR-7","on":"no"},"items":[{"id":"07"}],"empty":[]}""").ShouldBe(
            """
            ---
            name: campaigns/east
            count: 3
            done: true
            labels:
              ticket: DR-7
              "on": "no"
            items:
            - id: "07"
            empty: []

            """);

    [Theory]
    [InlineData("no")]
    [InlineData("Null")]
    [InlineData("12")]
    [InlineData("1e3")]
    [InlineData("0x1F")]
    [InlineData("2026-11-27T19:00:00Z")]
    [InlineData("a: b")]
    [InlineData("- a")]
    [InlineData(" a")]
    [InlineData("#a")]
    [InlineData("a\nb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2028b\u0007")]
    [InlineData("…")]
    [InlineData("\\u202E")]
    [InlineData("")]
    public void A_text_stays_that_text(string text)
    {
        var written = Write(OutputFormat.Yaml, JsonSerializer.Serialize(new { text }));

        Hidden(written).ShouldBeFalse(written);
        Read(written).ShouldBe(text);
    }

    [Fact]
    public void Any_text_stays_that_text()
    {
        const string alphabet = "aZ09 -:#'\"\\\n\t,[]{}&*!|>%@`\u0001\u007F\u0085\u00A0\u200B\u202E\u2028\uFEFF\u4E2D…";
        var random = new Random(1);
        for (var run = 0; run < 2000; run++)
        {
            var text = new string(random.GetItems<char>(alphabet, random.Next(0, 12)));
            var written = Write(OutputFormat.Yaml, JsonSerializer.Serialize(new { text }));

            Read(written).ShouldBe(text, written);
            Hidden(written).ShouldBeFalse(written);
        }
    }

    private static bool Hidden(string text) => text.EnumerateRunes().Any(rune => rune.Value is not ('\n' or '\t') && !HostAgent.Texts.VisibleText.IsVisible(rune));

    private static string Write(OutputFormat format, string json)
    {
        using var output = new StringWriter { NewLine = "\n" };
        StructuredText.Write(output, format, json);
        return output.ToString();
    }

    private static string? Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return ((YamlScalarNode)((YamlMappingNode)stream.Documents.Single().RootNode)["text"]).Value;
    }
}
