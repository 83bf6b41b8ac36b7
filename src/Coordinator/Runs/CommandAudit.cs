using System.Collections.Concurrent;
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
