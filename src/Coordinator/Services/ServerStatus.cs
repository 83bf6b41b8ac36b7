using System.Reflection;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Planning;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Services;

/// <summary>What this process says of itself.</summary>
internal sealed class ServerStatus(RunServices services, IEventStore store, StoreRoom room, MutualTlsIdentity identity, IOptions<CoordinatorOptions> options, TimeProvider time)
{
    private static readonly string Version = typeof(ServerStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Reads it now; contacts no host and no database.</summary>
    public ServerInfo Read()
    {
        var info = new ServerInfo
        {
            Version = Version,
            StartTime = services.StartTime.ToTimestamp(),
            StoreSchema = store.Schema,
            Instance = services.Instance.Id.ToString("D"),
            CurrentTime = time.GetUtcNow().ToTimestamp(),
            CertificateStartTime = identity.ValidFrom.ToTimestamp(),
            CertificateExpireTime = identity.ValidUntil.ToTimestamp(),
            StoreKind = options.Value.Store.Kind,
            ReservedBytes = room.Reserved,
        };
        if (room.Free is { } free)
        {
            info.FreeBytes = free;
        }

        return info;
    }
}
