using Spectre.Console;

namespace HostAgent.Cli;

/// <summary>What a command sees of the world: its streams, its terminal, its environment and its clock.</summary>
internal sealed record CommandEnvironment
{
    private const string NoColor = "NO_COLOR";

    /// <summary>Opens standard input, as bytes: what encoding they are in is for the reader to say.</summary>
    public Func<Stream> Input { get; init; } = System.Console.OpenStandardInput;

    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where errors and remarks go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Draws on <see cref="Output"/>: tables for everyone, the live view for a terminal.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The folder of the user's settings, for example ~/.config.</summary>
    public required string ConfigurationDirectory { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Whether the output is a terminal on which lines can be redrawn.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>The shell that started this process.</summary>
    public static CommandEnvironment OfThisProcess()
    {
        // A pipe has no width: tables are then as wide as what they hold.
        const int unlimited = 10_000;
        var output = new StandardOutput(System.Console.Out);
        if (System.Environment.GetEnvironmentVariable(NoColor) is "")
        {
            // no-color.org: set to nothing is as not set. The console takes its mere presence for a wish.
            System.Environment.SetEnvironmentVariable(NoColor, null);
        }

        // What the terminal can do is found out with the console's own writer, which is the only one that is recognised as a terminal.
        var found = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Out) }).Profile.Capabilities;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = found.Ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Enum.Parse<ColorSystemSupport>(found.ColorSystem.ToString()),
        });
        if (System.Console.IsOutputRedirected)
        {
            console.Profile.Width = unlimited;
        }

        return new CommandEnvironment
        {
            Output = output,
            Error = System.Console.Error,
            Console = console,
            Variable = System.Environment.GetEnvironmentVariable,
            ConfigurationDirectory = System.Environment.GetFolderPath(System.Environment.SpecialFolder.ApplicationData),
            Time = TimeProvider.System,
            // Asked now: a writer no longer counts as the terminal once the console's output has been turned elsewhere.
            IsTerminal = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi,
        };
    }
}
