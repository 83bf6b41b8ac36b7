namespace HostAgent.Agent.Configuration;

/// <summary>The command line's short names of settings.</summary>
internal static class AgentSwitches
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--listen"] = Key(nameof(AgentOptions.Listen)),
        ["--data"] = Key(nameof(AgentOptions.Data)),
        ["--certificate"] = Key(nameof(AgentOptions.CertificatePath)),
        ["--private-key"] = Key(nameof(AgentOptions.PrivateKeyPath)),
        ["--authority"] = Key(nameof(AgentOptions.AuthorityPath)),
        ["--simulate"] = Key(nameof(AgentOptions.Simulate)),
        ["--host"] = Key(nameof(AgentOptions.Host)),
        ["--speed"] = Key(nameof(AgentOptions.Speed)),
        ["--seed"] = Key(nameof(AgentOptions.Seed)),
        ["--max-concurrent-failbacks"] = Key(nameof(AgentOptions.MaxConcurrentFailbacks)),
    };

    /// <summary>Adds the command line to the configuration. Any setting may also be given as <c>--Section:Key VALUE</c>.</summary>
    /// <exception cref="AgentStartException">A switch is not known or has no value.</exception>
    public static void Add(IConfigurationBuilder configuration, string[] args)
    {
        var mistakes = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=', 2)[0];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                mistakes.Add($"'{args[i]}' is not expected here; allowed are {string.Join(", ", Keys.Keys)} and --Section:Key, each with a value.");
                continue;
            }

            if (!Keys.ContainsKey(name) && !name.Contains(':', StringComparison.Ordinal))
            {
                mistakes.Add($"Switch {name} is not known; allowed are {string.Join(", ", Keys.Keys)} and --Section:Key.");
            }

            if (!args[i].Contains('=', StringComparison.Ordinal) && (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                mistakes.Add($"Switch {name} needs a value.");
                i--;
            }
        }

        if (mistakes.Count > 0)
        {
            throw new AgentStartException(mistakes);
        }

        configuration.AddCommandLine(args, Keys);
    }

    private static string Key(string property) => $"{AgentOptions.Section}:{property}";
}
