using Grpc.Net.Client;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tls;

namespace HostAgent.Tests.Shared.Channels;

/// <summary>
/// The channels of tests. A caller of the product gives up a peer whose handshake takes seconds, which on a machine that runs several
/// test programs at once only says that the machine is busy.
/// </summary>
internal static class PatientChannel
{
    private static readonly ChannelTimeouts Patient = ChannelTimeouts.Default with { Connect = TimeSpan.FromMinutes(1) };

    public static GrpcChannel Create(Uri address, MutualTlsIdentity identity, PeerRole expectedRole, string? expectedName = null)
        => Create([address], identity, expectedRole, expectedName);

    public static GrpcChannel Create(IReadOnlyList<Uri> addresses, MutualTlsIdentity identity, PeerRole expectedRole, string? expectedName = null)
        => MutualTlsChannel.Create(addresses, identity, expectedRole, expectedName, Patient);
}
