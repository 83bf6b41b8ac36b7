using HostAgent.Campaigns.Planning;

namespace HostAgent.Coordinator.Wire;

/// <summary>Shows a plan as the service <c>Campaigns</c> does.</summary>
internal static class PlanMapper
{
    /// <summary>The message of a plan. Problems that are no mistakes of the document are warnings here.</summary>
    public static Contracts.Campaigns.V1.CampaignPlan ToMessage(PlanResult result)
    {
        var plan = result.Plan;
        var message = new Contracts.Campaigns.V1.CampaignPlan();
        message.Waves.AddRange(plan.Waves.Select(wave => new Contracts.Campaigns.V1.PlannedWave
        {
            Name = wave.Name,
            Items = wave.Items,
            Hosts = wave.Hosts,
            Gate = wave.Gate,
        }));
        for (var index = 0; index < plan.Items.Count; index++)
        {
            message.Items.Add(Item(plan, index));
        }

        message.Refused.AddRange(plan.Refused.Select(refused => new Contracts.Campaigns.V1.RefusedItem
        {
            Host = refused.Host,
            VirtualMachineId = refused.VirtualMachineId is { } id ? id.ToString("D").ToUpperInvariant() : string.Empty,
            VirtualMachineName = refused.VirtualMachineName,
            Reason = refused.Reason,
        }));
        message.Peaks.AddRange(plan.Peaks.Select(peak => new Contracts.Campaigns.V1.LimitPeak
        {
            Limit = peak.Limit,
            Key = peak.Key,
            Allowed = peak.Allowed,
            Peak = peak.Peak,
        }));
        message.Warnings.AddRange(plan.Warnings);
        message.Warnings.AddRange(result.Problems.Select(problem => problem.Message));
        return message;
    }

    private static Contracts.Campaigns.V1.PlannedItem Item(CampaignPlan plan, int index)
    {
        var item = plan.Items[index];
        var message = new Contracts.Campaigns.V1.PlannedItem
        {
            ItemId = item.Id,
            Wave = plan.Waves[item.Wave].Name,
            Host = item.Host,
            VirtualMachineId = item.VirtualMachineId.ToString("D").ToUpperInvariant(),
            VirtualMachineName = item.VirtualMachineName,
            DiskBytes = item.DiskBytes,
        };
        message.AfterItemIds.AddRange(plan.AfterOf(index).Select(after => plan.Items[after].Id));
        return message;
    }
}
