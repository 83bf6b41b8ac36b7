using System.Globalization;

namespace HostAgent.Audit;

/// <summary>
/// Checks the exported audit records of one campaign, the oldest first, against the chain that they claim to be. It needs nothing but
/// the records. A completely rewritten chain can be detected only with a hash noted elsewhere: see <see cref="Head"/>.
/// </summary>
/// <param name="campaign">The campaign's resource name, campaigns/{campaign_id}.</param>
public sealed class AuditVerifier(string campaign)
{
    private AuditRecord? _last;

    /// <summary>How many records have followed each other without a break.</summary>
    public long Records => _last?.Sequence ?? 0;

    /// <summary>The hash of the last of them, lower-case hexadecimal; empty when there is none. Noted elsewhere, it proves later what was there by then.</summary>
    public string Head => _last is null ? string.Empty : Convert.ToHexStringLower(_last.Hash.Span);

    /// <summary>Takes the next record.</summary>
    /// <param name="message">The record.</param>
    /// <returns>Why it breaks the chain, in one sentence; null when it follows.</returns>
    public string? Take(Contracts.Campaigns.V1.AuditRecord message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var record = AuditMapper.FromMessage(message);
        if (record.Sequence != Records + 1)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"record {record.Sequence} is in the place of record {Records + 1}: records are missing, repeated or out of order");
        }

        if (message.Time is null || message.Time.Nanos % TimeSpan.NanosecondsPerTick != 0 || !AuditChain.IsItself(record))
        {
            return string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} is not what was recorded: its hash does not match its content");
        }

        if (!AuditChain.Follows(record, _last))
        {
            return string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} does not follow the record before it: one of the two was replaced");
        }

        if (message.Target != campaign && !message.Target.StartsWith($"{campaign}/", StringComparison.Ordinal))
        {
            return string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} is about {message.Target}, not about {campaign}: it belongs to another campaign");
        }

        _last = record;
        return null;
    }
}
