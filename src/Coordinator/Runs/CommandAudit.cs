using System.Collections.Concurrent;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Decides which commands the audit records: every change, and commands without a change one by one until a caller sends too many. After
/// that only one is recorded now and then, with the number in between. The audit is kept forever, and a runaway loop must not fill the disk.
/// </summary>
internal sealed class CommandAudit
{
    /// <summary>How many commands without a change are recorded one by one.</summary>
    public const int Burst = 100;

    /// <summary>The interval between records after that.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    // One per certificate that may send commands; none is ever removed.
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>The entries to record for a command; empty when it is only counted.</summary>
    /// <param name="time">When.</param>
    /// <param name="command">The command.</param>
    /// <param name="refusal">Why it was refused; null when it took effect.</param>
    /// <param name="isChange">Whether it changed anything.</param>
    public IReadOnlyList<AuditEntry> Of(DateTimeOffset time, CommandOrigin command, RpcFailure? refusal, bool isChange)
    {
        var counted = 0L;
        if (!isChange && !_accounts.GetOrAdd(command.Caller.Actor, static _ => new Account()).TryRecord(time, out counted))
        {
            return [];
        }

        var entry = AuditEntries.Of(time, command, refusal, isChange);
        return counted == 0 ? [entry] : [AuditEntries.Counted(time, command, counted), entry];
    }

    private sealed class Account
    {
        private readonly Lock _lock = new();
        private DateTimeOffset _paidUntil = DateTimeOffset.MinValue;
        private long _counted;

        public bool TryRecord(DateTimeOffset now, out long counted)
        {
            lock (_lock)
            {
                var paidUntil = (_paidUntil > now ? _paidUntil : now) + Pace;
                if (paidUntil - now > Pace * Burst)
                {
                    counted = ++_counted;
                    return false;
                }

                (_paidUntil, counted, _counted) = (paidUntil, _counted, 0);
                return true;
            }
        }
    }
}

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
