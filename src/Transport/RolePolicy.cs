using System.Collections.Frozen;
using Google.Protobuf.Reflection;

namespace HostAgent.Transport;

/// <summary>Which roles may call which method. What is not allowed by name is refused.</summary>
public sealed class RolePolicy
{
    private static readonly PeerRole[] EveryRole = Enum.GetValues<PeerRole>();

    private readonly Dictionary<string, PeerRole[]> _rolesByMethod = new(StringComparer.Ordinal)
    {
        ["/grpc.health.v1.Health/Check"] = EveryRole,
        ["/grpc.health.v1.Health/List"] = EveryRole,
        ["/grpc.health.v1.Health/Watch"] = EveryRole,
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = EveryRole,
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = EveryRole,
    };

    private readonly Dictionary<string, int> _limitsByMethod = new(StringComparer.Ordinal);

    /// <summary>Allows one method to some roles.</summary>
    /// <param name="service">The generated service's descriptor, for example <c>Failback.Descriptor</c>.</param>
    /// <param name="method">The method's name as the .proto has it.</param>
    /// <param name="roles">The roles that may call it; at least one.</param>
    /// <returns>This policy, to go on.</returns>
    /// <exception cref="ArgumentException">The service has no such method, no role is named, or the method has its roles already.</exception>
    public RolePolicy Allow(ServiceDescriptor service, string method, params ReadOnlySpan<PeerRole> roles)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (service.FindMethodByName(method) is null)
        {
            throw new ArgumentException($"service {service.FullName} has no method '{method}'; it has {string.Join(", ", service.Methods.Select(known => known.Name))}", nameof(method));
        }

        if (roles.IsEmpty)
        {
            throw new ArgumentException($"no role is named for {service.FullName}/{method}; to refuse a method to everybody, leave it out", nameof(roles));
        }

        var fullName = $"/{service.FullName}/{method}";
        if (!_rolesByMethod.TryAdd(fullName, roles.ToArray()))
        {
            throw new ArgumentException($"{fullName} has its roles already", nameof(method));
        }

        return this;
    }

    /// <summary>Bounds how many calls of a costly method one peer may have at work; one more is refused with RESOURCE_EXHAUSTED.</summary>
    /// <param name="service">The generated service's descriptor.</param>
    /// <param name="method">The method's name; it has its roles already.</param>
    /// <param name="mostPerPeer">At least 1.</param>
    /// <returns>This policy, to go on.</returns>
    /// <exception cref="ArgumentException">The method has no roles yet, or the bound is below 1.</exception>
    public RolePolicy Limit(ServiceDescriptor service, string method, int mostPerPeer)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPerPeer, 1);
        var fullName = $"/{service.FullName}/{method}";
        if (!_rolesByMethod.ContainsKey(fullName))
        {
            throw new ArgumentException($"{fullName} has no roles, so no peer may call it", nameof(method));
        }

        _limitsByMethod[fullName] = mostPerPeer;
        return this;
    }

    internal FrozenDictionary<string, int> FreezeLimits() => _limitsByMethod.ToFrozenDictionary(StringComparer.Ordinal);

    internal FrozenDictionary<string, PeerRole[]> Freeze() => _rolesByMethod.ToFrozenDictionary(StringComparer.Ordinal);
}
