using HostAgent.Campaigns.Planning;

namespace HostAgent.Coordinator.Wire;

/// <summary>Converts a plan to its message: each list up to its bound, with the full count.</summary>
internal static class PlanMapper
{
    // Together below the 4 MiB of a message, with room for the waves and the forecast.
    private const int ItemBytes = 2 * 1024 * 1024;
    private const int RefusedBytes = 512 * 1024;
    private const int PeakBytes = 256 * 1024;
    private const int WarningBytes = 256 * 1024;
    private const int MaxAfterIds = 20;

    /// <summary>The message of a plan. Problems that are not errors in the document become warnings.</summary>
    public static Contracts.Campaigns.V1.CampaignPlan ToMessage(PlanResult result)
    {
        var plan = result.Plan;
        var message = new Contracts.Campaigns.V1.CampaignPlan
        {
            ItemCount = plan.Items.Count,
            HostCount = plan.Items.Select(item => item.Host).Distinct(StringComparer.OrdinalIgnoreCase).Count(),
            RefusedCount = plan.Refused.Count,
            PeakCount = plan.Peaks.Count,
            WarningCount = plan.Warnings.Count + result.Problems.Count,
        };
        message.Waves.AddRange(plan.Waves.Select(wave => new Contracts.Campaigns.V1.PlannedWave
        {
            Name = wave.Name,
            Items = wave.Items,
            Hosts = wave.Hosts,
            Gate = wave.Gate,
        }));
        message.Items.AddWithin(Enumerable.Range(0, plan.Items.Count).Select(index => Item(plan, index)), ItemBytes);
        message.Refused.AddWithin(plan.Refused.Select(Refused), RefusedBytes);
        message.Peaks.AddWithin(plan.Peaks.Select(Peak), PeakBytes);
        message.Warnings.AddWithin(
            result.Problems.Select(problem => new Contracts.Campaigns.V1.PlanWarning { Kind = Contracts.Campaigns.V1.PlanWarningKind.NoItems, Message = problem.Message, NeedsAcceptance = true })
                .Concat(plan.Warnings.Select(Warning)),
            WarningBytes);
        return message;
    }

    private static Contracts.Campaigns.V1.PlannedItem Item(CampaignPlan plan, int index)
    {
        var (item, after) = (plan.Items[index], plan.AfterOf(index));
        var message = new Contracts.Campaigns.V1.PlannedItem
        {
            ItemId = item.Id,
            Wave = plan.Waves[item.Wave].Name,
            Host = item.Host,
            VirtualMachineId = item.VirtualMachineId.ToString("D").ToUpperInvariant(),
            VirtualMachineName = item.VirtualMachineName,
            DiskBytes = item.DiskBytes,
            AfterCount = after.Count,
            OtherHost = item.StepCount > 1 ? item.StepAt(1).Host : string.Empty,
        };
        message.AfterItemIds.AddRange(after.Take(MaxAfterIds).Select(position => plan.Items[position].Id));
        return message;
    }

    public static Contracts.Campaigns.V1.PlanWarning Warning(PlanWarning warning) => new()
    {
        Kind = warning.Kind switch
        {
            PlanWarningKind.HostUnreachable => Contracts.Campaigns.V1.PlanWarningKind.HostUnreachable,
            PlanWarningKind.UnknownHost => Contracts.Campaigns.V1.PlanWarningKind.UnknownHost,
            PlanWarningKind.TargetMatchesNothing => Contracts.Campaigns.V1.PlanWarningKind.TargetMatchesNothing,
            PlanWarningKind.WaveMatchesNothing => Contracts.Campaigns.V1.PlanWarningKind.WaveMatchesNothing,
            PlanWarningKind.DependencyMatchesNothing => Contracts.Campaigns.V1.PlanWarningKind.DependencyMatchesNothing,
            PlanWarningKind.WaveEmpty => Contracts.Campaigns.V1.PlanWarningKind.WaveEmpty,
            PlanWarningKind.CopyChosen => Contracts.Campaigns.V1.PlanWarningKind.CopyChosen,
            PlanWarningKind.OtherCampaign => Contracts.Campaigns.V1.PlanWarningKind.OtherCampaign,
            PlanWarningKind.TogetherMatchesFew => Contracts.Campaigns.V1.PlanWarningKind.TogetherMatchesFew,
            _ => throw new InvalidOperationException($"The warning {warning.Kind} is not mapped to the contract."),
        },
        Message = warning.Message,
        NeedsAcceptance = warning.NeedsAcceptance,
    };

    /// <summary>A machine that is not part of the plan.</summary>
    public static Contracts.Campaigns.V1.RefusedItem Refused(RefusedItem refused) => new()
    {
        Host = refused.Host,
        VirtualMachineId = refused.VirtualMachineId is { } id ? id.ToString("D").ToUpperInvariant() : string.Empty,
        VirtualMachineName = refused.VirtualMachineName,
        Reason = refused.Reason,
    };

    private static Contracts.Campaigns.V1.LimitPeak Peak(LimitPeak peak) => new()
    {
        Limit = peak.Limit,
        Key = peak.Key,
        Allowed = peak.Allowed,
        Peak = peak.Peak,
    };
}
