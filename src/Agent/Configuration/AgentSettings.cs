using HostAgent.Hosting;
using HostAgent.Hosting.Settings;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Agent.Configuration;

/// <summary>Reads the settings and the certificates, and refuses to start with all that is wrong with them.</summary>
internal static class AgentSettings
{
    public static CommandLine CommandLine { get; } = new(
        AgentOptions.Section,
        [
            new("--listen", "ADDRESS:PORT", nameof(AgentOptions.Listen), $"Where to listen; port 0 takes a free one. Default: {new AgentOptions().Listen}."),
            new("--data", "DIRECTORY", nameof(AgentOptions.Data), $"The journal, for this agent alone. Default: {new AgentOptions().Data}."),
            new("--certificate", "FILE", nameof(AgentOptions.CertificatePath), "The agent's certificate, PEM. Required."),
            new("--private-key", "FILE", nameof(AgentOptions.PrivateKeyPath), "The private key of the certificate, PEM. Required."),
            new("--authority", "FILE", nameof(AgentOptions.AuthorityPath), "The authority that issued all peers' certificates, PEM. Required."),
            new("--denied", "FILE", nameof(AgentOptions.DeniedCertificates), "Certificates to refuse even though the authority issued them, one per line: serial:, spki: or uri:. Default: none."),
            new("--allow-tls12", "true|false", nameof(AgentOptions.AllowTls12), "Whether to allow TLS 1.2 in addition to 1.3, for peers on a Windows older than Server 2022. Default: false."),
            new("--host", "NAME", nameof(AgentOptions.Host), "The host's name: in the estate when simulating, else for logs and messages. Default: the machine's name."),
            new("--max-concurrent-failbacks", "N", nameof(AgentOptions.MaxConcurrentFailbacks), $"How many failbacks run at once on this host, 1 to 1000. Default: {new AgentOptions().MaxConcurrentFailbacks}."),
            new("--boot-guard", $"{BootGuardNames.Hold}|{BootGuardNames.Start}|{BootGuardNames.Off}", nameof(AgentOptions.BootGuard), $"Whether machines that were handed over to the other host lose their startup action at the agent's start, or start late. Default: {new AgentOptions().BootGuard}."),
            new("--simulate", "FILE", nameof(AgentOptions.Simulate), "The estate with the simulated host to run on; without it, the real host."),
            new("--speed", "X", nameof(AgentOptions.Speed), "How many times faster than real time the simulated host works, at most 100000. Default: 1."),
            new("--seed", "N", nameof(AgentOptions.Seed), "The seed of the simulated host's random numbers. Default: 0."),
        ],
        $"{nameof(AgentOptions.HostDeadline)} 00:01:00")
    {
        TakesSettingsFile = true,
    };

    /// <summary>Reads and checks settings for a command that starts no server.</summary>
    /// <param name="args">The command line of the agent.</param>
    /// <param name="errors">Receives one line for each error.</param>
    public static AgentOptions Read(string[] args, List<string> errors)
    {
        var configuration = new ConfigurationManager();
        configuration.SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables();
        CommandLine.AddTo(configuration, args, errors);
        return SettingsReader.Read<AgentOptions>(configuration, AgentOptions.Section, errors);
    }

    /// <summary>Loads what the settings name: the agent's certificate, its key and the authority. The data directory is checked too.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock by which validity periods are judged.</param>
    /// <param name="errors">What is wrong with the settings so far.</param>
    /// <exception cref="StartException">Something is wrong; there is a line for each error.</exception>
    public static MutualTlsIdentity RequireIdentity(AgentOptions options, TimeProvider time, List<string> errors)
    {
        var identity = TryLoadIdentity(options, time, errors);
        if (identity is not null && ErrorOfOwner(identity.Peer, options.Host) is { } error)
        {
            errors.Add($"{AgentOptions.Section}:{nameof(AgentOptions.CertificatePath)}: the certificate in '{options.CertificatePath}' is {error}.");
        }

        if (OwnerOnly.ErrorOfDirectory(options.Data) is { } exposed)
        {
            errors.Add($"{AgentOptions.Section}:{nameof(AgentOptions.Data)}: {exposed}.");
        }

        if (errors.Count > 0)
        {
            identity?.Dispose();
        }

        StartException.ThrowIfAny(errors);
        return identity!;
    }

    /// <summary>Loads the agent's certificate, its key and the authority.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock by which validity periods are judged.</param>
    /// <param name="errors">Receives one line for each error.</param>
    /// <returns>The identity, or null when there are errors.</returns>
    public static MutualTlsIdentity? TryLoadIdentity(AgentOptions options, TimeProvider time, List<string> errors)
        => IdentityFiles.TryLoad(
            new MutualTlsOptions
            {
                CertificatePath = options.CertificatePath,
                PrivateKeyPath = options.PrivateKeyPath,
                AuthorityPath = options.AuthorityPath,
                DeniedPath = options.DeniedCertificates,
                AllowTls12 = options.AllowTls12,
            },
            time,
            AgentOptions.Section,
            errors);

    /// <summary>Why a certificate is not that of this agent, half a sentence; null when it is.</summary>
    /// <param name="peer">Whose it is.</param>
    /// <param name="hostName">The host's name, which callers look for; the certificate may have it with its domain.</param>
    public static string? ErrorOfOwner(PeerIdentity peer, string hostName) => peer.Role != PeerRole.Agent
        ? $"that of {peer.Uri}, which does not have the role agent: every caller refuses it"
        : peer.IsNamed(hostName) || peer.Name.Split('.')[0].Equals(hostName, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"that of {peer.Uri}, but the host is '{hostName}' ({AgentOptions.Section}:{nameof(AgentOptions.Host)}): an agent needs the certificate of its own host";
}
