using System.Text.Json;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>Checks the rows of one return or drill.</summary>
internal sealed class StateCheck(StateLine row)
{
    private AuditRecord? _last;

    /// <summary>It in a message.</summary>
    public string Name => row.Name;

    /// <summary>Checks the row itself.</summary>
    /// <param name="known">The ids that were met before.</param>
    /// <exception cref="StreamDamagedException">It is damaged.</exception>
    public void Begin(HashSet<string> known)
    {
        row.ToFamily();
        if (!Guid.TryParseExact(row.Uid, "D", out var uid) || !Guid.TryParseExact(row.Machine, "D", out var machine) || !known.Add($"{row.Family}/{row.Uid}"))
        {
            throw new StreamDamagedException("its uid or its machine is none, or another has its uid");
        }

        if (row.HasEnded == 0 && !known.Add($"{row.Family}/live/{row.Machine}"))
        {
            throw new StreamDamagedException($"another of machine {row.Machine} has not ended either");
        }

        using var state = Parse(row.State);
        if (IdOf(state, "uid") != uid || IdOf(state, "machine") != machine || !state.RootElement.TryGetProperty("version", out var version)
            || version.ValueKind != JsonValueKind.Number || !version.TryGetInt64(out var number) || number != row.Version || number < 1)
        {
            throw new StreamDamagedException("the uid, the machine or the version in its row differs from its state");
        }

        if ((state.RootElement.TryGetProperty("end_time", out var end) && end.ValueKind != JsonValueKind.Null) != (row.HasEnded != 0))
        {
            throw new StreamDamagedException("its row and its state differ about whether it has ended");
        }
    }

    /// <summary>Checks the next record of its audit.</summary>
    /// <exception cref="StreamDamagedException">It does not follow.</exception>
    public void Take(AuditRecord record) => _last = AuditChain.Follows(record, _last)
        ? record
        : throw new StreamDamagedException(FormattableString.Invariant($"audit record {record.Sequence} was changed, or does not follow the previous one"));

    /// <summary>There are no more records.</summary>
    /// <exception cref="StreamDamagedException">The audit was cut off.</exception>
    public void End()
    {
        if ((_last?.Sequence ?? 0) != row.AuditSequence || !(_last?.Hash ?? default).Span.SequenceEqual(row.AuditHash))
        {
            throw new StreamDamagedException(
                FormattableString.Invariant($"its audit ends with record {_last?.Sequence ?? 0}, but its row expects record {row.AuditSequence} with the row's hash"));
        }
    }

    /// <summary>Checks a proof.</summary>
    /// <param name="proof">Its row.</param>
    /// <param name="known">The ids that were met before.</param>
    /// <exception cref="StreamDamagedException">It is damaged.</exception>
    public static void Check(ProofLine proof, HashSet<string> known)
    {
        if (!Guid.TryParseExact(proof.Machine, "D", out var machine) || !known.Add(FormattableString.Invariant($"proofs/{proof.Machine}/{proof.Passed}")))
        {
            throw new StreamDamagedException("its machine is none, or there is another of the same verdict");
        }

        using var stored = Parse(proof.Proof);
        if (IdOf(stored, "machine") != machine || (stored.RootElement.TryGetProperty("passed", out var passed) && passed.ValueKind == JsonValueKind.True) != (proof.Passed != 0))
        {
            throw new StreamDamagedException("the machine or the verdict in its row differs from the proof");
        }
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text) is var document && document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new StreamDamagedException("its JSON is no object");
        }
        catch (JsonException exception)
        {
            throw new StreamDamagedException($"its JSON cannot be read: {exception.Message.TrimEnd('.')}");
        }
    }

    private static Guid? IdOf(JsonDocument document, string key)
        => document.RootElement.TryGetProperty(key, out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var value) ? value : null;
}
