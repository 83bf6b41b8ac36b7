using Spectre.Console;

namespace HostAgent.Cli;

/// <summary>What a command runs in: its streams, its terminal, its environment variables and its clock.</summary>
internal sealed record CommandEnvironment
{
    private const string NoColor = "NO_COLOR";

    /// <summary>Opens standard input as bytes; the reader detects the encoding.</summary>
    public Func<Stream> Input { get; init; } = System.Console.OpenStandardInput;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Draws on <see cref="Output"/>: tables for everyone, the live view for a terminal.</summary>
    public required IAnsiConsole Console { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The folder of the user's settings, for example ~/.config.</summary>
    public required string ConfigurationDirectory { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Whether the output is a terminal on which lines can be redrawn.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>The shell that started this process.</summary>
    public static CommandEnvironment OfThisProcess()
    {
        // A pipe has no width, so tables are as wide as their content.
        const int unlimited = 10_000;
        var output = new StandardOutput(System.Console.Out);
        if (System.Environment.GetEnvironmentVariable(NoColor) is "")
        {
            // no-color.org: an empty value means not set, but the console would turn colours off.
            System.Environment.SetEnvironmentVariable(NoColor, null);
        }

        // The terminal's capabilities can be detected only with the console's own writer.
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
            ConfigurationDirectory = System.Environment.GetFolderPath(System.Environment.SpecialFolder.ApplicationData, System.Environment.SpecialFolderOption.DoNotVerify),
            Time = TimeProvider.System,
            // Read now: once the console's output has been redirected, the writer no longer counts as a terminal.
            IsTerminal = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi,
        };
    }
}
