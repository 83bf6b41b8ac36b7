using HostAgent.Coordinator.Hosting;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Transfer;
using HostAgent.Hosting;
using HostAgent.Hosting.Settings;

namespace HostAgent.Coordinator;

/// <summary>What a check, an export or an import of a store has found.</summary>
/// <param name="Store">The store, or the file.</param>
/// <param name="Campaigns">How many campaigns there are, deleted ones included.</param>
/// <param name="Events">How many events.</param>
/// <param name="AuditRecords">How many audit records, those of returns and drills included.</param>
/// <param name="Findings">What is damaged: the campaign, return, drill or proof and what is wrong first, without a full stop.</param>
public sealed record StoreReport(string Store, long Campaigns, long Events, long AuditRecords, IReadOnlyList<(string Campaign, string Finding)> Findings)
{
    /// <summary>How many returns there are.</summary>
    public long Returns { get; init; }

    /// <summary>How many drills.</summary>
    public long Drills { get; init; }

    /// <summary>How many proofs.</summary>
    public long Proofs { get; init; }
}

/// <summary>Checks the store of a coordinator's campaigns, returns, drills and proofs and moves it, between SQLite and PostgreSQL and between machines. It is named by the coordinator's own settings.</summary>
public static class CoordinatorStore
{
    /// <summary>Checks a store, while a coordinator may be at work on it.</summary>
    /// <param name="args">The coordinator's settings, as <see cref="CoordinatorApplication.Create(string[])"/> takes them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What there is, and what is damaged.</returns>
    /// <exception cref="StartException">The settings are wrong, or the store cannot be read.</exception>
    public static Task<StoreReport> CheckAsync(string[] args, CancellationToken cancellationToken) => RefusingAsync(async () =>
    {
        await using var store = await TransferStore.OpenToReadAsync(Read(args));
        return await CheckAsync(store.Name, store.ReadAsync(cancellationToken));
    });

    /// <summary>Checks the file of an export.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What there is, and what is damaged.</returns>
    /// <exception cref="StartException">It is no export, was cut off or was changed.</exception>
    public static Task<StoreReport> CheckFileAsync(string file, CancellationToken cancellationToken)
        => RefusingAsync(() => CheckAsync(file, StoreFile.ReadAsync(file, cancellationToken)));

    /// <summary>Writes a store as it is at this moment into a file for its owner alone. A damaged store is written too, and named in the report.</summary>
    /// <param name="args">The coordinator's settings.</param>
    /// <param name="file">The file, which must not exist.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was written, and what of it is damaged.</returns>
    /// <exception cref="StartException">The settings are wrong, the store cannot be read, or the file exists.</exception>
    public static Task<StoreReport> ExportAsync(string[] args, string file, CancellationToken cancellationToken) => RefusingAsync(async () =>
    {
        await using var store = await TransferStore.OpenToReadAsync(Read(args));
        var check = new StoreCheck();
        await StoreFile.WriteAsync(file, PassAsync(store.ReadAsync(cancellationToken), check), cancellationToken);
        return Report(store.Name, check);
    });

    /// <summary>Fills an empty store from a file, all or nothing. The file is checked first; a damaged one is not imported.</summary>
    /// <param name="args">The coordinator's settings.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up; nothing is imported.</param>
    /// <returns>What was imported; with findings, nothing was.</returns>
    /// <exception cref="StartException">The settings or the file are wrong, the store is not empty or in use, or it cannot be written to.</exception>
    public static Task<StoreReport> ImportAsync(string[] args, string file, CancellationToken cancellationToken) => RefusingAsync(async () =>
    {
        var options = Read(args);
        var found = await CheckAsync(file, StoreFile.ReadAsync(file, cancellationToken));
        if (found.Findings.Count > 0)
        {
            return found;
        }

        await using var store = await TransferStore.OpenToFillAsync(options);
        if (await store.Tables.CountAsync() is var (campaigns, states) && campaigns + states > 0)
        {
            var what = campaigns > 0 ? FormattableString.Invariant($"{campaigns} campaigns") : FormattableString.Invariant($"{states} returns, drills and proofs");
            throw new StoreUnavailableException($"The store {store.Name} has {what}; an export can be imported into an empty store only.");
        }

        var check = new StoreCheck();
        await store.Tables.WriteAsync(PassAsync(StoreFile.ReadAsync(file, cancellationToken), check), cancellationToken);
        return Report(store.Name, check);
    });

    private static CoordinatorOptions Read(string[] args)
    {
        var builder = ServerApplication.CreateBuilder(typeof(CoordinatorApplication).Assembly, "FailbackCoordinator");
        var errors = new List<string>();
        CoordinatorSettings.CommandLine.AddTo(builder.Configuration, args, errors);
        var settings = new List<string>();
        var options = SettingsReader.Read<CoordinatorOptions>(builder.Configuration, CoordinatorOptions.Section, settings);

        // What else a coordinator needs is not asked for. A server's store needs no data directory either.
        string[] needed = [$"{nameof(CoordinatorOptions.Store)}", .. options.Store.Kind == StoreOptions.PostgreSql ? Array.Empty<string>() : [nameof(CoordinatorOptions.Data)]];
        errors.AddRange(settings.Where(line => Array.Exists(needed, key => line.StartsWith($"{CoordinatorOptions.Section}:{key}", StringComparison.Ordinal)) || line.Contains(" is not a setting", StringComparison.Ordinal)));
        StartException.ThrowIfAny(errors);
        return options;
    }

    private static async Task<StoreReport> CheckAsync(string name, IAsyncEnumerable<StoreLine> lines)
    {
        var check = new StoreCheck();
        await foreach (var _ in PassAsync(lines, check))
        {
            // Each line was checked as it passed.
        }

        return Report(name, check);
    }

    private static async IAsyncEnumerable<StoreLine> PassAsync(IAsyncEnumerable<StoreLine> lines, StoreCheck check)
    {
        await foreach (var line in lines)
        {
            check.Take(line);
            yield return line;
        }

        check.End();
    }

    private static StoreReport Report(string name, StoreCheck check) => new(name, check.Campaigns, check.Events, check.AuditRecords, check.Findings)
    {
        Returns = check.Returns,
        Drills = check.Drills,
        Proofs = check.Proofs,
    };

    private static async Task<StoreReport> RefusingAsync(Func<Task<StoreReport>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreFileException)
        {
            throw new StartException([exception.Message], exception);
        }
        catch (System.Data.Common.DbException exception)
        {
            throw new StartException([$"The store could not be read or written: {Store.PostgreSql.PostgreSqlDatabase.Explain(exception)}."], exception);
        }
    }
}
