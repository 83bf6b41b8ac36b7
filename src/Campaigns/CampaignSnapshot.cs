using System.Text.Json;
using HostAgent.Campaigns.Internal.Snapshots;

namespace HostAgent.Campaigns;

/// <summary>
/// A campaign's state as bytes, so that a long log need not be replayed from its beginning. A snapshot is a copy that saves time and
/// never the truth: where it cannot be read, the log is replayed.
/// </summary>
public static class CampaignSnapshot
{
    /// <summary>The format that this version writes and reads. It grows with every change of what a state holds, or of how events are folded.</summary>
    public const int Format = 2;

    /// <summary>Writes a state. The same log gives the same bytes.</summary>
    /// <param name="state">The state of a planned campaign, between two decisions.</param>
    /// <returns>One JSON object in UTF-8.</returns>
    /// <exception cref="InvalidOperationException">The campaign is not planned yet.</exception>
    public static byte[] Write(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return JsonSerializer.SerializeToUtf8Bytes(state.ToSnapshot(Format), SnapshotJson.Default.StateSnapshot);
    }

    /// <summary>Reads a state into an empty one.</summary>
    internal static void Read(ReadOnlySpan<byte> snapshot, CampaignState state)
    {
        var facts = JsonSerializer.Deserialize(snapshot, SnapshotJson.Default.StateSnapshot) ?? throw new JsonException("The snapshot is the word null.");
        if (facts.Format != Format)
        {
            throw new JsonException($"The snapshot is of the format {facts.Format}, and this version reads {Format}: replay the log from its beginning.");
        }

        state.Restore(facts);
    }
}
