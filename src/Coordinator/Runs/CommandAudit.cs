using System.Collections.Concurrent;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// What the audit keeps of commands. Every change, and what changed nothing one by one until a caller has too much of it: from then on one
/// is kept now and then, with the number of those between. The audit is kept for ever, and a loop that goes wrong must not fill the disk.
/// </summary>
internal sealed class CommandAudit
{
    /// <summary>How many commands that change nothing are recorded one by one.</summary>
    public const int Burst = 100;

    /// <summary>How often one more is recorded after that.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    // As many as there are certificates that may command; none is ever removed.
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>What is to be recorded of a command; nothing for one that is only counted.</summary>
    /// <param name="time">When.</param>
    /// <param name="command">The command.</param>
    /// <param name="refusal">Why it was refused; null when it took effect.</param>
    /// <param name="isChange">Whether anything has changed by it.</param>
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
