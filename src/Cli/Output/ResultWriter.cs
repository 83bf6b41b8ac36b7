using Google.Protobuf;
using HostAgent.Cli.Watch;
using HostAgent.Texts;

namespace HostAgent.Cli.Output;

internal enum OutputFormat
{
    /// <summary>For people: tables, sentences, and a live view on a terminal.</summary>
    Text,

    /// <summary>For programs: protobuf JSON with snake_case names, one object, or one on each line of a stream.</summary>
    Json,
}

/// <summary>Writes a command's result in the format that was asked for.</summary>
internal sealed class ResultWriter(CommandEnvironment environment, OutputFormat format)
{
    /// <summary>Writes a message: as one line of JSON, or as the text that <paramref name="text"/> writes.</summary>
    public void Write(IMessage message, Action<CommandEnvironment> text)
    {
        if (format == OutputFormat.Json)
        {
            environment.Output.WriteLine(ProtobufJson.Format(message));
        }
        else
        {
            text(environment);
        }
    }

    /// <summary>Writes a message: as one line of JSON, or as a sentence.</summary>
    public void Write(IMessage message, string sentence) => Write(message, text => text.Output.WriteLine(sentence));

    /// <summary>Prints a remark, which is not part of the result.</summary>
    public void Remark(string sentence) => environment.Error.WriteLine(sentence);

    /// <summary>What shows a watch: the live view on a terminal, else lines.</summary>
    public IWatchDisplay WatchDisplay() => format switch
    {
        OutputFormat.Json => new JsonWatchDisplay(environment.Output, environment.Error),
        _ when environment.IsTerminal => new LiveWatchDisplay(environment.Console, environment.Time),
        _ => new LinesWatchDisplay(environment.Output, environment.Time),
    };
}

/// <summary>Writes messages as protobuf JSON on one line.</summary>
internal static class ProtobufJson
{
    // Default values are written, so that a script reads 0 and not null.
    private static readonly JsonFormatter Formatter =
        new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    /// <summary>The message on one line, with the field names of the .proto file; what cannot be seen is escaped, and nothing is lost.</summary>
    public static string Format(IMessage message) => VisibleText.Json(Formatter.Format(message));
}
