using HostAgent.Coordinator.Inventory;
using HostAgent.Coordinator.Options;
using HostAgent.Texts;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Hosting;

/// <summary>Reads what a coordinator starts from, and turns everything that is wrong with it into readable lines.</summary>
internal static class CoordinatorStart
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="CoordinatorStartException">A setting is wrong.</exception>
    public static CoordinatorOptions ReadOptions(IConfiguration configuration)
    {
        var options = new CoordinatorOptions();
        try
        {
            configuration.GetSection(CoordinatorOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException failure)
        {
            throw new CoordinatorStartException([$"{CoordinatorOptions.Section} cannot be read: {failure.Message} {failure.InnerException?.Message}".TrimEnd()]);
        }

        var result = new CoordinatorOptionsValidator().Validate(null, options);
        if (result.Succeeded && OwnerOnly.ErrorOfDirectory(options.Data) is { } exposed)
        {
            throw new CoordinatorStartException([$"{CoordinatorOptions.Section}:{nameof(options.Data)}: {exposed}."]);
        }

        return result.Failed ? throw new CoordinatorStartException([.. result.Failures]) : options;
    }

    /// <summary>Loads certificate, key and authority.</summary>
    /// <exception cref="CoordinatorStartException">They cannot be used.</exception>
    public static MutualTlsIdentity LoadIdentity(CoordinatorOptions options)
    {
        var paths = new MutualTlsOptions
        {
            CertificatePath = options.Certificate,
            PrivateKeyPath = options.PrivateKey,
            AuthorityPath = options.Authority,
            DeniedPath = options.DeniedCertificates,
            AllowTls12 = options.AllowTls12,
        };
        MutualTlsIdentity identity;
        try
        {
            identity = MutualTlsIdentity.Load(paths, TimeProvider.System, CoordinatorOptions.Section);
        }
        catch (OptionsValidationException failure)
        {
            throw new CoordinatorStartException([.. failure.Failures.Select(WithOwnNames)]);
        }

        if (identity.Peer.Role == PeerRole.Coordinator)
        {
            return identity;
        }

        var uri = identity.Peer.Uri;
        identity.Dispose();
        throw new CoordinatorStartException([$"{CoordinatorOptions.Section}:{nameof(options.Certificate)} '{options.Certificate}' belongs to {uri}; it must belong to a coordinator."]);
    }

    /// <summary>Finds out how much may be taken from callers.</summary>
    /// <exception cref="CoordinatorStartException">The limit on open files does not leave enough.</exception>
    public static EdgeLimits ReadLimits(CoordinatorOptions options, int hosts)
    {
        var errors = new List<string>();
        var limits = options.ToLimits(hosts, errors);
        return errors.Count == 0 ? limits : throw new CoordinatorStartException(errors);
    }

    // The loader names the settings as the agent has them.
    private static string WithOwnNames(string error) => error
        .Replace($"{CoordinatorOptions.Section}:{nameof(MutualTlsOptions.CertificatePath)}:", $"{CoordinatorOptions.Section}:{nameof(CoordinatorOptions.Certificate)}:", StringComparison.Ordinal)
        .Replace($"{CoordinatorOptions.Section}:{nameof(MutualTlsOptions.PrivateKeyPath)}:", $"{CoordinatorOptions.Section}:{nameof(CoordinatorOptions.PrivateKey)}:", StringComparison.Ordinal)
        .Replace($"{CoordinatorOptions.Section}:{nameof(MutualTlsOptions.AuthorityPath)}:", $"{CoordinatorOptions.Section}:{nameof(CoordinatorOptions.Authority)}:", StringComparison.Ordinal);

    /// <summary>Reads the inventory.</summary>
    /// <exception cref="CoordinatorStartException">It has errors, all of which are told.</exception>
    public static IReadOnlyList<InventoryHost> ReadInventory(CoordinatorOptions options)
    {
        string text;
        try
        {
            text = TextFile.Read(options.Inventory);
        }
        catch (NotTextException failure)
        {
            throw new CoordinatorStartException([failure.Message]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CoordinatorStartException([$"The inventory '{options.Inventory}' cannot be read: {failure.Message}"]);
        }

        var result = InventoryDocument.Read(text, options.Inventory);
        return result.TryGetValue(out var hosts)
            ? hosts
            : throw new CoordinatorStartException([.. result.Errors.Select(error => error.Format(options.Inventory))]);
    }
}
