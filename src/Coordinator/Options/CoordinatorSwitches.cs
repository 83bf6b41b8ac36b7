namespace HostAgent.Coordinator.Options;

/// <summary>The command line of the coordinator.</summary>
internal static class CoordinatorSwitches
{
    private static readonly Dictionary<string, string> Mappings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--listen"] = Key(nameof(CoordinatorOptions.Listen)),
        ["--data"] = Key(nameof(CoordinatorOptions.Data)),
        ["--inventory"] = Key(nameof(CoordinatorOptions.Inventory)),
        ["--certificate"] = Key(nameof(CoordinatorOptions.Certificate)),
        ["--private-key"] = Key(nameof(CoordinatorOptions.PrivateKey)),
        ["--authority"] = Key(nameof(CoordinatorOptions.Authority)),
        ["--denied"] = Key(nameof(CoordinatorOptions.DeniedCertificates)),
        ["--allow-tls12"] = Key(nameof(CoordinatorOptions.AllowTls12)),
    };

    /// <summary>What the command line takes, and what each switch means.</summary>
    public static IReadOnlyList<(string Switch, string Meaning)> Described { get; } =
    [
        ("--listen ADDRESS:PORT", $"Where to listen; port 0 takes a free one. Default: {new CoordinatorOptions().Listen}."),
        ("--data DIRECTORY", "Where campaigns and audit are kept; made when it is not there. Required."),
        ("--inventory FILE", "The hosts, a YAML or JSON file. Required."),
        ("--certificate FILE", "The coordinator's certificate with its chain, PEM. Required."),
        ("--private-key FILE", "The private key of the certificate, PEM. Required."),
        ("--authority FILE", "The authority that all peers' certificates come from, PEM. Required."),
        ("--denied FILE", "Certificates that are refused although the authority issued them, a line each: serial:, spki: or uri:. Default: none."),
        ("--allow-tls12 true|false", "Whether TLS 1.2 is spoken beside 1.3, for peers on a Windows older than Server 2022. Default: false."),
        ("--Section:Key VALUE", $"Any other setting, for example --{CoordinatorOptions.Section}:{nameof(CoordinatorOptions.ProbeInterval)} 00:00:30."),
    ];

    /// <summary>Adds the command line to the configuration, in front of everything else.</summary>
    /// <exception cref="CoordinatorStartException">There is a switch that does not exist, or one without its value.</exception>
    public static void Add(IConfigurationBuilder configuration, string[] args)
    {
        var errors = new List<string>();
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < args.Length; index++)
        {
            var parts = args[index].Split('=', 2);
            if (Resolve(parts[0]) is not { } key)
            {
                errors.Add($"'{args[index]}' is not a switch of the coordinator; it must be one of {string.Join(", ", Mappings.Keys)}, or --Section:Key.");
            }
            else if (parts.Length == 2)
            {
                values[key] = parts[1];
            }
            else if (index + 1 < args.Length && !args[index + 1].StartsWith("--", StringComparison.Ordinal))
            {
                values[key] = args[++index];
            }
            else
            {
                errors.Add($"'{args[index]}' has no value; it must be followed by one.");
            }
        }

        if (errors.Count > 0)
        {
            throw new CoordinatorStartException(errors);
        }

        configuration.AddInMemoryCollection(values);
    }

    private static string? Resolve(string name) =>
        Mappings.TryGetValue(name, out var key) ? key
        : name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal) ? name[2..]
        : null;

    private static string Key(string option) => $"{CoordinatorOptions.Section}:{option}";
}
