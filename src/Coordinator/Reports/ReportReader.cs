using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Drills;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Reports;

/// <summary>Builds the report of a campaign from its stored data only.</summary>
internal sealed class ReportReader(IEventStore store, KeptStates<DrillRun> drills, TimeProvider time)
{
    /// <summary>Reads a campaign; null when there is none with that id.</summary>
    /// <param name="id">The campaign's id.</param>
    /// <param name="caller">Who requests it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<CampaignReport?> ReadAsync(string id, string caller, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } head)
        {
            return null;
        }

        var machine = new CampaignMachine();
        var acts = new List<TimelineEntry>();
        var (drilled, spans) = (new DrillEvidence(), new ItemSpans());
        var chain = new EventChainReader(0, default);
        await foreach (var stored in store.LoadAsync(head.Campaign.Uid, 0, cancellationToken))
        {
            chain.Take(stored);
            var decided = CampaignEventCodec.Read(stored.Data);
            machine.Apply(decided);
            drilled.Take(decided, machine.State);
            spans.Take(decided, machine.State);
            if (ReportTimeline.Of(decided, machine.State) is { } act)
            {
                acts.Add(act);
            }
        }

        var state = machine.State;
        return new CampaignReport
        {
            Name = ResourceNames.Campaign(id),
            Uid = head.Campaign.Uid.ToString("D"),
            ReportTime = time.GetUtcNow(),
            ReportedTo = caller,
            Version = state.Version,
            State = UpperSnake.Of(state.Status),
            Explanation = state.Explanation,
            Labels = state.Spec!.Labels,
            CreatedBy = head.Campaign.CreatedBy,
            CreateTime = state.CreateTime,
            StartTime = state.StartTime,
            EndTime = state.EndTime,
            Counts = Counts(state.Counts),
            Audit = await SealAsync(head.Campaign.Uid, cancellationToken),
            Forecast = state.Forecast is { } forecast ? Forecast(forecast) : null,
            Waves = [.. state.Waves.Select((wave, index) => Wave(wave, isLast: index == state.Waves.Count - 1))],
            Acts = acts,
            Items = [.. (await ItemsAsync(state, drilled, cancellationToken)).Select(item => item with { Spans = spans.Of(item.ItemId) })],
            TestsReplicas = state.Spec is { TestFailover: not null } or { PlannedDrill: not null },
            Warnings = [.. state.Notes.Warnings.Select(warning => warning.Message)],
            Refused = [.. state.Notes.Refused.Select(refused => new ReportedRefusal(refused.VirtualMachineName, refused.VirtualMachineId?.ToString("D").ToUpperInvariant() ?? string.Empty, refused.Host, refused.Reason))],
            RefusedCount = state.Notes.RefusedCount,
            WarningsAcceptedBy = state.Notes.AcceptedBy ?? string.Empty,
            Document = state.Document,
        };
    }

    private async Task<AuditSeal> SealAsync(Guid campaign, CancellationToken cancellationToken)
    {
        AuditRecord? last = null;
        long? broken = null;
        await foreach (var record in store.ReadAuditAsync(campaign, 0, cancellationToken))
        {
            broken ??= AuditChain.Follows(record, last) ? null : record.Sequence;
            last = record;
        }

        // A consistent chain may still lack its end, or everything.
        var missing = (await store.LoadSealAsync(campaign, cancellationToken))?.CheckAudit() is not null;
        return new AuditSeal(last?.Sequence ?? 0, last is null ? string.Empty : Convert.ToHexStringLower(last.Hash.Span), broken is null && !missing, broken ?? (missing ? (last?.Sequence ?? 0) + 1 : null));
    }

    private static SortedDictionary<string, int> Counts(ItemCounts counts)
    {
        var result = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var status in Enum.GetValues<ItemStatus>())
        {
            if (counts[status] > 0)
            {
                result.Add(UpperSnake.Of(status), counts[status]);
            }
        }

        return result;
    }

    private static ReportedForecast Forecast(Campaigns.Planning.StartForecast forecast)
    {
        return new ReportedForecast(
            Seconds(forecast.Duration.P50),
            Seconds(forecast.Duration.P90),
            forecast.Basis,
            [.. forecast.Waves.Select(wave => new ReportedForecastWave(wave.Name, Seconds(wave.Start.P50), Seconds(wave.End.P50), Seconds(wave.End.P90)))]);

        static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 1);
    }

    private static ReportedWave Wave(CampaignWave wave, bool isLast) => new(
        wave.Spec.Name,
        UpperSnake.Of(wave.Status),
        wave.Counts.Total,
        wave.Counts[ItemStatus.Succeeded] + wave.Counts[ItemStatus.SucceededWithWarnings],
        wave.Counts[ItemStatus.Failed] + wave.Counts[ItemStatus.UnknownOutcome],
        wave.StartTime,
        wave.EndTime,
        isLast || wave.Spec.Gate is null ? string.Empty : wave.Spec.Gate.Describe(),
        wave.ApprovedBy,
        wave.RejectedBy);

    private async Task<IReadOnlyList<ReportedItem>> ItemsAsync(CampaignState state, DrillEvidence drilled, CancellationToken cancellationToken)
    {
        var items = state.Items.Select(Item).ToList();
        if (state.Spec!.PlannedDrill is { } planned)
        {
            return [.. items.Select((item, index) => item with { Test = drilled.Of(state, planned, state.Items[index]) })];
        }

        for (var index = 0; state.Spec.TestFailover is not null && index < items.Count; index++)
        {
            // A test is known by the operation of its attempt.
            if (state.Items[index].OperationId is { } operation && await drills.FindAsync(operation, cancellationToken) is { } run && MachineProof.Of(run) is { } proof)
            {
                items[index] = items[index] with { Test = Test(proof) };
            }
        }

        return items;
    }

    private static ReportedTest Test(MachineProof proof) => new()
    {
        Drill = proof.DrillName,
        Passed = proof.Passed,
        VerdictTime = proof.VerdictTime,
        ValidUntil = proof.ValidUntil,
        ReplicaTime = proof.ReplicaTime,
        Isolation = proof.Isolation,
        VirtualSwitch = proof.Switch,
        Verified = [.. proof.Heartbeat ? new[] { "heartbeat" } : [], .. proof.ApplicationCheck.Length > 0 ? new[] { proof.ApplicationCheck } : []],
        TookSeconds = Math.Round((proof.VerdictTime - proof.BeginTime).TotalSeconds, 1),
        TestedBy = proof.By,
        Explanation = proof.Explanation,
    };

    private static ReportedItem Item(CampaignItem item) => new()
    {
        ItemId = item.Id,
        Wave = item.Wave.Spec.Name,
        Host = item.Host.Name,
        Site = item.Planned.Site,
        PrimarySite = item.Planned.PrimarySite,
        Tenant = item.Planned.Tenant,
        VirtualMachineId = item.Planned.VirtualMachineId.ToString("D").ToUpperInvariant(),
        VirtualMachineName = item.Planned.VirtualMachineName,
        DiskBytes = item.Planned.DiskBytes,
        State = UpperSnake.Of(item.Status),
        Attempts = item.Attempt,
        OperationId = item.OperationId?.ToString("D") ?? string.Empty,
        StartTime = item.StartTime,
        EndTime = item.EndTime,
        FailureReason = item.FailureReason,
        Explanation = item.Explanation,
    };
}
