using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>Records calls that never reach a campaign's machine: they were refused, or are repetitions.</summary>
internal sealed class CommandRecorder(IEventStore store, CommandAudit audit, TimeProvider time)
{
    /// <summary>Records a call in a campaign's audit, unless its caller has sent too many of the kind.</summary>
    /// <param name="campaign">The campaign's uid.</param>
    /// <param name="origin">The call.</param>
    /// <param name="refusal">Why it was refused; null for a repetition.</param>
    /// <exception cref="RpcFailure">UNAVAILABLE: it could not be recorded.</exception>
    public async Task RecordAsync(Guid campaign, CommandOrigin origin, RpcFailure? refusal)
    {
        try
        {
            var entries = audit.Of(time.GetUtcNow(), origin, refusal, isChange: false);
            if (entries.Count > 0)
            {
                await store.AppendAsync(new StreamAppend(campaign, 0, [], entries, null));
            }
        }
        catch (StoreUnavailableException exception)
        {
            throw CampaignFailures.NotOwner("the call could not be recorded in the audit", exception);
        }
        catch (StoreOutcomeUnknownException exception)
        {
            throw CampaignFailures.OutcomeUnknown("the record of the call in the audit", exception);
        }
    }
}
