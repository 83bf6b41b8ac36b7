using HostAgent.Coordinator.Inventory;
using HostAgent.Coordinator.Options;
using HostAgent.Hosting.Settings;
using HostAgent.Texts;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Coordinator.Hosting;

/// <summary>Reads the command line, the certificates and the inventory.</summary>
internal static class CoordinatorSettings
{
    public static CommandLine CommandLine { get; } = new(
        CoordinatorOptions.Section,
        [
            new("--listen", "ADDRESS:PORT", nameof(CoordinatorOptions.Listen), $"Where to listen; port 0 takes a free one. Default: {new CoordinatorOptions().Listen}."),
            new("--data", "DIRECTORY", nameof(CoordinatorOptions.Data), "Where campaigns, returns and audits are stored, unless PostgreSQL keeps them; created if missing. Required."),
            new("--inventory", "FILE", nameof(CoordinatorOptions.Inventory), "The hosts, a YAML or JSON file. Required."),
            new("--certificate", "FILE", nameof(CoordinatorOptions.Certificate), "The coordinator's certificate with its chain, PEM. Required."),
            new("--private-key", "FILE", nameof(CoordinatorOptions.PrivateKey), "The private key of the certificate, PEM. Required."),
            new("--authority", "FILE", nameof(CoordinatorOptions.Authority), "The authority that issued all peers' certificates, PEM. Required."),
            new("--denied", "FILE", nameof(CoordinatorOptions.DeniedCertificates), "Certificates to refuse even though the authority issued them, one per line: serial:, spki: or uri:. Default: none."),
            new("--console", "ADDRESS:PORT", $"{nameof(CoordinatorOptions.Console)}:{nameof(ConsoleOptions.Listen)}", "Where browsers reach the console, with the certificates of operators and viewers; port 0 takes a free one. Default: no console."),
            new("--standby", "true|false", $"{nameof(CoordinatorOptions.Store)}:{nameof(StoreOptions.Standby)}", "Whether to wait while another coordinator has the PostgreSQL store, and to take over when that one has ended. Default: false."),
            new("--allow-tls12", "true|false", nameof(CoordinatorOptions.AllowTls12), "Whether to allow TLS 1.2 in addition to 1.3, for peers on a Windows older than Server 2022. Default: false."),
        ],
        $"{nameof(CoordinatorOptions.ProbeInterval)} 00:00:30");

    /// <summary>Loads certificate, key and authority if the settings name existing files.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="errors">Receives one line for each error.</param>
    /// <returns>The identity; null when there are errors.</returns>
    public static MutualTlsIdentity? TryLoadIdentity(CoordinatorOptions options, List<string> errors)
    {
        if (!Array.TrueForAll([options.Certificate, options.PrivateKey, options.Authority], File.Exists))
        {
            // Already reported by the validation of the settings.
            return null;
        }

        var found = new List<string>();
        var identity = IdentityFiles.TryLoad(
            new MutualTlsOptions
            {
                CertificatePath = options.Certificate,
                PrivateKeyPath = options.PrivateKey,
                AuthorityPath = options.Authority,
                DeniedPath = options.DeniedCertificates,
                AllowTls12 = options.AllowTls12,
            },
            TimeProvider.System,
            CoordinatorOptions.Section,
            found);
        errors.AddRange(found.Select(WithOwnNames));
        if (identity is null || identity.Peer.Role == PeerRole.Coordinator)
        {
            return identity;
        }

        errors.Add($"{CoordinatorOptions.Section}:{nameof(options.Certificate)} '{options.Certificate}' belongs to {identity.Peer.Uri}; it must belong to a coordinator.");
        identity.Dispose();
        return null;
    }

    /// <summary>Reads the inventory if the settings name an existing file.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="errors">Receives one line for each error.</param>
    /// <returns>The hosts; empty when there are errors.</returns>
    public static IReadOnlyList<InventoryHost> ReadInventory(CoordinatorOptions options, List<string> errors)
    {
        if (!File.Exists(options.Inventory))
        {
            // Already reported by the validation of the settings.
            return [];
        }

        string text;
        try
        {
            text = TextFile.Read(options.Inventory);
        }
        catch (NotTextException exception)
        {
            errors.Add(exception.Message);
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"The inventory '{options.Inventory}' cannot be read: {exception.Message}");
            return [];
        }

        var result = InventoryDocument.Read(text, options.Inventory);
        if (result.TryGetValue(out var hosts))
        {
            return hosts;
        }

        errors.AddRange(result.Errors.Select(error => error.Format(options.Inventory)));
        return [];
    }

    // The loader uses the agent's setting names.
    private static string WithOwnNames(string error) => error
        .Replace($"{CoordinatorOptions.Section}:{nameof(MutualTlsOptions.CertificatePath)}:", $"{CoordinatorOptions.Section}:{nameof(CoordinatorOptions.Certificate)}:", StringComparison.Ordinal)
        .Replace($"{CoordinatorOptions.Section}:{nameof(MutualTlsOptions.PrivateKeyPath)}:", $"{CoordinatorOptions.Section}:{nameof(CoordinatorOptions.PrivateKey)}:", StringComparison.Ordinal)
        .Replace($"{CoordinatorOptions.Section}:{nameof(MutualTlsOptions.AuthorityPath)}:", $"{CoordinatorOptions.Section}:{nameof(CoordinatorOptions.Authority)}:", StringComparison.Ordinal);
}
