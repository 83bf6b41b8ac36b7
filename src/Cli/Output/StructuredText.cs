using System.Text.Json;
using HostAgent.Texts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HostAgent.Cli.Output;

/// <summary>How a command writes its result.</summary>
internal enum OutputFormat
{
    /// <summary>For people: tables, sentences, and a live view on a terminal.</summary>
    Text,

    /// <summary>For programs: protobuf JSON with snake_case names, one object, or one on each line of a stream.</summary>
    Json,

    /// <summary>The same as YAML: one document, or one for each object of a stream.</summary>
    Yaml,
}

/// <summary>Writes JSON in the format for programs that was asked for.</summary>
internal static class StructuredText
{
    /// <summary>Writes one JSON object as a line of JSON, or as a YAML document that begins with its marker.</summary>
    public static void Write(TextWriter output, OutputFormat format, string json)
    {
        // Line by line: a break within a line would be shown as what somebody wrote.
        foreach (var line in format == OutputFormat.Yaml ? Yaml(json).Split('\n') : [json])
        {
            output.WriteLine(line);
        }
    }

    private static string Yaml(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: false));
        Emit(emitter, document.RootElement);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());

        // In a scalar between double quotes an escape of JSON is one of YAML too; what needs one has been put there.
        return VisibleText.Json(text.ToString().TrimEnd('\n'));
    }

    private static void Emit(IEmitter emitter, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart());
                foreach (var property in element.EnumerateObject())
                {
                    emitter.Emit(Text(property.Name));
                    Emit(emitter, property.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, element.GetArrayLength() == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var member in element.EnumerateArray())
                {
                    Emit(emitter, member);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(element.GetString()!));
                break;
            default:
                emitter.Emit(new Scalar(element.GetRawText()));
                break;
        }
    }

    // Plain only where every reader of YAML 1.1 and 1.2 takes it for a text.
    private static Scalar Text(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '/' or ' ')
            && text[^1] != ' ' && !IsWord(text);
        return isPlain ? new Scalar(text) : new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.DoubleQuoted, isPlainImplicit: false, isQuotedImplicit: true);
    }

    private static bool IsWord(string text) => text.ToUpperInvariant() is "TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N";
}
