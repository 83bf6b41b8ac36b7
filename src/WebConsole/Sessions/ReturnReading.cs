using Grpc.Core;

namespace HostAgent.WebConsole.Sessions;

/// <summary>Reads returns as they were last seen: no host is asked because a page is open.</summary>
internal static class ReturnReading
{
    private const int MostRecords = 500;

    /// <summary>The return as the coordinator last saw it.</summary>
    public static async Task<Return> LastSeenAsync(ConsoleSession session, string name, CancellationToken cancellationToken)
    {
        using var call = session.Returns.WatchReturn(new WatchReturnRequest { Name = name }, session.Soon(cancellationToken));
        return await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false)
            ? call.ResponseStream.Current
            : throw new RpcException(new Status(StatusCode.NotFound, $"{name} is not known."));
    }

    /// <summary>The same; null when the machine has no return.</summary>
    public static async Task<Return?> FindAsync(ConsoleSession session, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await LastSeenAsync(session, name, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The newest records of a return's audit, newest first.</summary>
    public static async Task<IReadOnlyList<AuditRecord>> AuditAsync(ConsoleSession session, string name, CancellationToken cancellationToken)
    {
        using var call = session.Returns.GetReturnAudit(new GetReturnAuditRequest { Name = name }, session.Soon(cancellationToken));
        return await AuditReading.NewestAsync(call.ResponseStream, _ => true, MostRecords, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>Reads audits, which are streamed from their beginning.</summary>
internal static class AuditReading
{
    /// <summary>The newest records that count, newest first; of the others nothing is kept.</summary>
    public static async Task<IReadOnlyList<AuditRecord>> NewestAsync(IAsyncStreamReader<AuditRecord> records, Func<AuditRecord, bool> counts, int most, CancellationToken cancellationToken)
    {
        var kept = new Queue<AuditRecord>();
        while (await records.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            if (!counts(records.Current))
            {
                continue;
            }

            kept.Enqueue(records.Current);
            if (kept.Count > most)
            {
                kept.Dequeue();
            }
        }

        return [.. kept.Reverse()];
    }

    /// <summary>The newest records of a campaign that count, newest first; the service sends what is asked for alone.</summary>
    public static async Task<IReadOnlyList<AuditRecord>> OfCampaignAsync(ConsoleSession session, ExportAuditRequest asked, Func<AuditRecord, bool> counts, int most, CancellationToken cancellationToken)
    {
        using var call = session.Campaigns.ExportAudit(asked, session.Within(TimeSpan.FromMinutes(2), cancellationToken));
        return await NewestAsync(call.ResponseStream, counts, most, cancellationToken).ConfigureAwait(false);
    }
}
