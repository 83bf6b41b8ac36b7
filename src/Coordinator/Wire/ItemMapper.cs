using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Wire;

/// <summary>Converts an item to its message.</summary>
internal static class ItemMapper
{
    /// <summary>The message of an item.</summary>
    /// <param name="campaignId">The campaign's id.</param>
    /// <param name="item">The item's durable state.</param>
    /// <param name="wave">The name of its wave.</param>
    /// <param name="percent">The last percentage reported by the host; null for none.</param>
    public static Item ToMessage(string campaignId, ItemView item, string wave, int? percent)
    {
        var message = new Item
        {
            Name = ResourceNames.Item(campaignId, item.Id),
            Wave = wave,
            Host = item.Host,
            VirtualMachineId = item.VirtualMachineId,
            VirtualMachineName = item.VirtualMachineName,
            State = item.State,
            Explanation = item.Explanation,
            Attempt = item.Attempt,
            StepAttempt = item.StepAttempt,
            OperationId = item.OperationId,
            FailureReason = item.FailureReason,
            NextAttemptTime = item.NextAttempt?.ToTimestamp(),
            StartTime = item.StartTime?.ToTimestamp(),
            EndTime = item.EndTime?.ToTimestamp(),
        };
        if (item.State is ItemState.Succeeded or ItemState.SucceededWithWarnings)
        {
            message.PercentComplete = 100;
        }
        else if (percent is { } said)
        {
            message.PercentComplete = said;
        }

        return message;
    }
}
