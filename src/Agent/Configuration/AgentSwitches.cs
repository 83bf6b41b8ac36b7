using Microsoft.Extensions.Configuration.Json;

namespace HostAgent.Agent.Configuration;

/// <summary>The command line: short names of settings, and the file that has the others.</summary>
internal static class AgentSwitches
{
    /// <summary>Names a JSON file of settings, which comes after <c>appsettings.json</c> and before environment and command line.</summary>
    private const string SettingsFile = "--settings";

    private static readonly Dictionary<string, string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--listen"] = Key(nameof(AgentOptions.Listen)),
        ["--data"] = Key(nameof(AgentOptions.Data)),
        ["--certificate"] = Key(nameof(AgentOptions.CertificatePath)),
        ["--private-key"] = Key(nameof(AgentOptions.PrivateKeyPath)),
        ["--authority"] = Key(nameof(AgentOptions.AuthorityPath)),
        ["--denied"] = Key(nameof(AgentOptions.DeniedCertificates)),
        ["--allow-tls12"] = Key(nameof(AgentOptions.AllowTls12)),
        ["--simulate"] = Key(nameof(AgentOptions.Simulate)),
        ["--host"] = Key(nameof(AgentOptions.Host)),
        ["--speed"] = Key(nameof(AgentOptions.Speed)),
        ["--seed"] = Key(nameof(AgentOptions.Seed)),
        ["--max-concurrent-failbacks"] = Key(nameof(AgentOptions.MaxConcurrentFailbacks)),
    };

    /// <summary>What the command line takes, and what each switch means.</summary>
    public static IReadOnlyList<(string Switch, string Meaning)> Described { get; } =
    [
        ("--listen ADDRESS:PORT", $"Where to listen; port 0 takes a free one. Default: {new AgentOptions().Listen}."),
        ("--data DIRECTORY", $"The journal, for this agent alone. Default: {new AgentOptions().Data}."),
        ("--certificate FILE", "The agent's certificate, PEM. Required."),
        ("--private-key FILE", "The private key of the certificate, PEM. Required."),
        ("--authority FILE", "The authority that all peers' certificates come from, PEM. Required."),
        ("--denied FILE", "Certificates that are refused although the authority issued them, a line each: serial:, spki: or uri:. Default: none."),
        ("--allow-tls12 true|false", "Whether TLS 1.2 is spoken beside 1.3, for peers on a Windows older than Server 2022. Default: false."),
        ("--host NAME", "The host's name: in the estate when simulating, else for logs and messages. Default: the machine's name."),
        ("--max-concurrent-failbacks N", $"How many failbacks run at once on this host, 1 to 1000. Default: {new AgentOptions().MaxConcurrentFailbacks}."),
        ("--simulate FILE", "The estate with the simulated host to run on; without it, the real host."),
        ("--speed X", "How many times faster than the clock the simulated host works, at most 100000. Default: 1."),
        ("--seed N", "The seed of everything that the simulated host draws. Default: 0."),
        ($"{SettingsFile} FILE", "A JSON file of settings."),
        ("--Section:Key VALUE", $"Any other setting, for example --{AgentOptions.Section}:{nameof(AgentOptions.HostDeadline)} 00:01:00."),
    ];

    private static readonly string Known = string.Join(", ", [SettingsFile, .. Keys.Keys]);

    /// <summary>
    /// Adds the command line, and the file that it names with <c>--settings FILE</c>, to the configuration. Any setting may also be given as
    /// <c>--Section:Key VALUE</c>.
    /// </summary>
    /// <exception cref="AgentStartException">A switch is not known or has no value, or the file cannot be read.</exception>
    public static void Add(IConfigurationBuilder configuration, string[] args)
    {
        var errors = new List<string>();
        string? file = null;
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=', 2)[0];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                errors.Add($"'{args[i]}' is not expected here; allowed are {Known} and --Section:Key, each with a value.");
                continue;
            }

            var isFile = string.Equals(name, SettingsFile, StringComparison.OrdinalIgnoreCase);
            if (!isFile && !Keys.ContainsKey(name) && !name.Contains(':', StringComparison.Ordinal))
            {
                errors.Add($"Switch {name} is not known; allowed are {Known} and --Section:Key.");
            }

            if (!args[i].Contains('=', StringComparison.Ordinal) && (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                errors.Add($"Switch {name} needs a value.");
                i--;
            }
            else if (isFile)
            {
                file = args[i].Contains('=', StringComparison.Ordinal) && args[i].StartsWith("--", StringComparison.Ordinal) ? args[i].Split('=', 2)[1] : args[i];
            }
        }

        if (file is not null)
        {
            AddFile(configuration, file, errors);
        }

        if (errors.Count > 0)
        {
            throw new AgentStartException(errors);
        }

        configuration.AddCommandLine(args, Keys);
    }

    private static void AddFile(IConfigurationBuilder configuration, string file, List<string> errors)
    {
        var source = new JsonConfigurationSource { Path = Path.GetFullPath(file), Optional = false };
        source.ResolveFileProvider();
        try
        {
            // Read once by itself: the host would tell of a broken file by a trace of calls.
            new ConfigurationBuilder().Add(source).Build();
        }
        catch (FileNotFoundException)
        {
            errors.Add($"Switch {SettingsFile} is '{file}', allowed is the path of a JSON file that exists.");
            return;
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException or IOException)
        {
            errors.Add($"Switch {SettingsFile} is '{file}', which cannot be read: {e.GetBaseException().Message.ReplaceLineEndings(" ")}");
            return;
        }

        var lastFile = configuration.Sources.ToList().FindLastIndex(known => known is JsonConfigurationSource);
        configuration.Sources.Insert(lastFile + 1, source);
    }

    private static string Key(string property) => $"{AgentOptions.Section}:{property}";
}
