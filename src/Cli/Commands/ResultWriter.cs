using Google.Protobuf;
using HostAgent.Cli.Output;
using HostAgent.Cli.Watch;
using HostAgent.Cli.Watch.Screen;

namespace HostAgent.Cli.Commands;

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
