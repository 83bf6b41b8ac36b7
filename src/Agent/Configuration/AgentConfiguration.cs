using System.ComponentModel;
using System.Reflection;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Agent.Configuration;

/// <summary>Reads the settings and the certificates, and refuses to start with all that is wrong with them.</summary>
internal static class AgentConfiguration
{
    private static readonly Dictionary<string, PropertyInfo> Settings =
        typeof(AgentOptions).GetProperties().ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Puts together what the agent is told: <c>appsettings.json</c>, the file that the command line names, the environment, the command line.</summary>
    /// <exception cref="AgentStartException">The command line is wrong.</exception>
    public static IConfiguration Load(string[] args)
    {
        var configuration = new ConfigurationManager();
        configuration.SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables();
        AgentSwitches.Add(configuration, args);
        return configuration;
    }

    /// <summary>Reads and checks the settings, and loads the agent's certificate, its key and the authority.</summary>
    /// <exception cref="AgentStartException">Something is wrong; there is a line for each error.</exception>
    public static (AgentOptions Options, MutualTlsIdentity Identity) Read(IConfiguration configuration, TimeProvider time)
    {
        var errors = new List<string>();
        var options = ReadOptions(configuration, errors);
        var identity = LoadIdentity(options, time, errors);
        if (identity is not null && ErrorOfOwner(identity.Peer, options.Host) is { } error)
        {
            errors.Add($"{AgentOptions.Section}:{nameof(AgentOptions.CertificatePath)}: the certificate in '{options.CertificatePath}' is {error}.");
        }

        if (OwnerOnly.ErrorOfDirectory(options.Data) is { } exposed)
        {
            errors.Add($"{AgentOptions.Section}:{nameof(AgentOptions.Data)}: {exposed}.");
        }

        if (errors.Count == 0)
        {
            return (options, identity!);
        }

        identity?.Dispose();
        throw new AgentStartException(errors);
    }

    /// <summary>Reads and checks the settings alone.</summary>
    /// <param name="configuration">What the agent is told.</param>
    /// <param name="errors">Takes a line for each error.</param>
    public static AgentOptions ReadOptions(IConfiguration configuration, List<string> errors)
    {
        var options = Bind(configuration.GetSection(AgentOptions.Section), errors);
        errors.AddRange(AgentOptionsValidator.Validate(options));
        return options;
    }

    /// <summary>Loads the agent's certificate, its key and the authority.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="time">The clock by which validity periods are judged.</param>
    /// <param name="errors">Takes a line for each error.</param>
    /// <returns>The identity, or null when there are errors.</returns>
    public static MutualTlsIdentity? LoadIdentity(AgentOptions options, TimeProvider time, List<string> errors)
    {
        try
        {
            return MutualTlsIdentity.Load(
                new MutualTlsOptions
                {
                    CertificatePath = options.CertificatePath,
                    PrivateKeyPath = options.PrivateKeyPath,
                    AuthorityPath = options.AuthorityPath,
                    DeniedPath = options.DeniedCertificates,
                    AllowTls12 = options.AllowTls12,
                },
                time,
                AgentOptions.Section);
        }
        catch (OptionsValidationException e)
        {
            errors.AddRange(e.Failures);
            return null;
        }
    }

    /// <summary>Why a certificate is not that of this agent, half a sentence; null when it is.</summary>
    /// <param name="peer">Whose it is.</param>
    /// <param name="hostName">The host's name, which callers look for; the certificate may have it with its domain.</param>
    public static string? ErrorOfOwner(PeerIdentity peer, string hostName) => peer.Role != PeerRole.Agent
        ? $"that of {peer.Uri}, which has not the role of an agent: every caller refuses it"
        : peer.IsNamed(hostName) || peer.Name.Split('.')[0].Equals(hostName, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"that of {peer.Uri}, but the host is '{hostName}' ({AgentOptions.Section}:{nameof(AgentOptions.Host)}): an agent shows the certificate of its own host";

    // The binder stops at the first value that it cannot read. Here those values are told and left out, so that the rest is checked as well.
    private static AgentOptions Bind(IConfigurationSection section, List<string> errors)
    {
        var readable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true))
        {
            var name = key.Split(':')[0];
            if (!Settings.TryGetValue(name, out var setting))
            {
                errors.Add($"{AgentOptions.Section}:{key} is not a setting; allowed are {string.Join(", ", Settings.Keys)}.");
            }
            else if (value is not null && Allowed(setting.PropertyType, value) is { } allowed)
            {
                errors.Add($"{AgentOptions.Section}:{key} is '{value}', allowed is {allowed}.");
            }
            else
            {
                readable[key] = value;
            }
        }

        return new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Get<AgentOptions>() ?? new AgentOptions();
    }

    // What a setting of a type may look like; null when the value can be read.
    private static string? Allowed(Type type, string value)
    {
        var single = type.GetElementType() ?? type;
        try
        {
            TypeDescriptor.GetConverter(single).ConvertFromInvariantString(value);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            return single == typeof(TimeSpan) ? "a duration as d.hh:mm:ss"
                : single == typeof(bool) ? "true or false"
                : single == typeof(double) ? "a number"
                : "a whole number";
        }
    }
}
