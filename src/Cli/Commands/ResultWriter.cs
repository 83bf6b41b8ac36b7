using Google.Protobuf;
using HostAgent.Cli.Output;
using HostAgent.Cli.Watch;
using HostAgent.Cli.Watch.Screen;

namespace HostAgent.Cli.Commands;

/// <summary>Writes a command's result in the format that was asked for.</summary>
internal sealed class ResultWriter(CommandEnvironment environment, OutputFormat format)
{
    /// <summary>Writes a message: as JSON or YAML, or as the text that <paramref name="text"/> writes.</summary>
    public void Write(IMessage message, Action<CommandEnvironment> text) => Write(() => ProtobufJson.Format(message), text);

    /// <summary>Writes what is no message: as the JSON that <paramref name="json"/> makes or the same in YAML, or as the text that <paramref name="text"/> writes.</summary>
    public void Write(Func<string> json, Action<CommandEnvironment> text)
    {
        if (format == OutputFormat.Text)
        {
            text(environment);
        }
        else
        {
            StructuredText.Write(environment.Output, format, json());
        }
    }

    /// <summary>Writes a message: as JSON or YAML, or as sentences, a line for each.</summary>
    public void Write(IMessage message, params IReadOnlyList<string> sentences) => Write(message, text =>
    {
        foreach (var sentence in sentences)
        {
            text.Output.WriteLine(sentence);
        }
    });

    /// <summary>Prints a remark, which is not part of the result.</summary>
    public void Remark(string sentence) => environment.Error.WriteLine(sentence);

    /// <summary>What shows a watch: the live view on a terminal, else lines.</summary>
    public IWatchDisplay WatchDisplay() => format switch
    {
        not OutputFormat.Text => new StructuredWatchDisplay(format, environment.Output, environment.Error),
        _ when environment.IsTerminal => new LiveWatchDisplay(environment.Console, environment.Time),
        _ => new LinesWatchDisplay(environment.Output, environment.Time),
    };
}
