using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>The request id of a command, and what it was given for.</summary>
/// <param name="Id">The id.</param>
/// <param name="Digest">The SHA-256 of who asks for what.</param>
internal sealed record RequestIdentity(Guid Id, ReadOnlyMemory<byte> Digest)
{
    /// <summary>The identity of a command; null when it came without a request id.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): the id is no UUID.</exception>
    public static RequestIdentity? Of(CommandOrigin origin)
    {
        if (origin.Request.Descriptor.FindFieldByName("request_id")?.Accessor.GetValue(origin.Request) is not string { Length: > 0 } text)
        {
            return null;
        }

        if (!Guid.TryParseExact(text, "D", out var id))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation(
                "request_id", $"'{(text.Length > 100 ? text[..100] + "…" : text)}' must be a UUID such as 7f3a1c9e-52d4-4b0e-9c7d-0a1b2c3d4e5f, or empty"));
        }

        // By name and not by certificate: a renewed certificate does not make it another request.
        var who = Encoding.UTF8.GetBytes($"{origin.Method}\n{origin.Caller.Name}\n");
        return new RequestIdentity(id, SHA256.HashData([.. who, .. origin.Request.ToByteArray()]));
    }
}

/// <summary>The request ids that have taken effect on a campaign lately. Only the campaign's run uses it.</summary>
internal sealed class KnownRequests
{
    private readonly Dictionary<Guid, AnsweredRequest> _byId = [];

    /// <summary>Takes what is stored, in the place of whatever was known.</summary>
    public void Restore(IEnumerable<AnsweredRequest> stored)
    {
        _byId.Clear();
        foreach (var request in stored)
        {
            _byId[request.Id] = request;
        }
    }

    /// <summary>The request of that id; null when it is not known, or was given too long ago.</summary>
    public AnsweredRequest? Find(Guid id, DateTimeOffset now)
        => _byId.TryGetValue(id, out var request) && now - request.Time < AnsweredRequest.Lifetime ? request : null;

    /// <summary>Takes a request that has taken effect, and forgets those of long ago.</summary>
    public void Add(AnsweredRequest request)
    {
        foreach (var old in _byId.Values.Where(known => request.Time - known.Time >= AnsweredRequest.Lifetime).ToList())
        {
            _byId.Remove(old.Id);
        }

        _byId[request.Id] = request;
    }
}
