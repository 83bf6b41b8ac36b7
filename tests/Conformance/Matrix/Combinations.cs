using HostAgent.Conformance.Peers;
using HostAgent.Conformance.Security;

namespace HostAgent.Conformance.Matrix;

/// <summary>Every peer with every security and every case.</summary>
internal static class Combinations
{
    public static IEnumerable<(PeerKind Peer, ChannelSecurity Security)> Runs =>
        from peer in Enum.GetValues<PeerKind>()
        from security in Enum.GetValues<ChannelSecurity>()
        select (peer, security);

    public static TheoryData<PeerKind, ChannelSecurity, ConformanceCase> All
    {
        get
        {
            var rows = new TheoryData<PeerKind, ChannelSecurity, ConformanceCase>();
            foreach (var (peer, security) in Runs)
            {
                foreach (var conformanceCase in Enum.GetValues<ConformanceCase>())
                {
                    rows.Add(peer, security, conformanceCase);
                }
            }

            return rows;
        }
    }
}
