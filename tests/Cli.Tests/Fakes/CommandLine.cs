using HostAgent.Cli.Application;
using HostAgent.Transport;
using Spectre.Console;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>Runs the command line in process, with its streams caught.</summary>
public sealed partial class CommandLine : IDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly WatchedWriter _output = new();
    private readonly WatchedWriter _error = new();
    private readonly Func<CommandEnvironment, FailbackApplication> _create;

    public CommandLine()
        : this(environment => new FailbackApplication(environment))
    {
    }

    /// <summary>The command line of another program than the library's own.</summary>
    internal CommandLine(Func<CommandEnvironment, FailbackApplication> create) => _create = create;

    /// <summary>Far beyond what any run takes; a command that hangs fails its test instead of hanging them all.</summary>
    public TimeSpan LongestRun { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The width of the terminal, or of a pipe, which has none.</summary>
    public int Width { get; set; } = 10_000;

    /// <summary>What standard input holds.</summary>
    public byte[] Input { get; set; } = [];

    internal WatchedWriter OutputWriter => _output;

    internal WatchedWriter ErrorWriter => _error;

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The folder that stands for ~/.config.</summary>
    public string Home => _home.Path;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public IReadOnlyList<string> OutputLines => Lines(Output);

    public IReadOnlyList<string> ErrorLines => Lines(Error);

    public CommandLine Identify(MutualTlsOptions files)
    {
        Environment["FAILBACK_CERTIFICATE"] = files.CertificatePath!;
        Environment["FAILBACK_PRIVATE_KEY"] = files.PrivateKeyPath!;
        Environment["FAILBACK_AUTHORITY"] = files.AuthorityPath!;
        return this;
    }

    public Task<int> RunAsync(params string[] arguments) => RunAsync(TestContext.Current.CancellationToken, arguments);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] arguments)
        => _create(CreateEnvironment()).RunAsync(arguments, cancellationToken).WaitAsync(LongestRun, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _home.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    internal CommandEnvironment CreateEnvironment()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_output) });
        console.Profile.Width = Width;
        return new CommandEnvironment
        {
            Input = () => new MemoryStream(Input, writable: false),
            Output = _output,
            Error = _error,
            Console = console,
            Variable = Environment.GetValueOrDefault,
            ConfigurationDirectory = _home.Path,
            Time = TimeProvider.System,
            IsTerminal = false,
        };
    }

    private static string[] Lines(string text)
        => [.. text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
}
