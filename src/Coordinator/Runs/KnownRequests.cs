using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>A command's request id and what it was used for.</summary>
/// <param name="Id">The id.</param>
/// <param name="Digest">The SHA-256 of the caller and the request.</param>
internal sealed record RequestIdentity(Guid Id, ReadOnlyMemory<byte> Digest)
{
    /// <summary>The identity of a command; null when it came without a request id.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (INVALID_REQUEST): the id is not a UUID.</exception>
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

        // By name and not by certificate: the request stays the same when the certificate is renewed.
        var who = Encoding.UTF8.GetBytes($"{origin.Method}\n{origin.Caller.Name}\n");
        return new RequestIdentity(id, SHA256.HashData([.. who, .. origin.Request.ToByteArray()]));
    }
}

/// <summary>The request ids that recently took effect on a campaign. Only the campaign's run uses it.</summary>
internal sealed class KnownRequests
{
    private readonly Dictionary<Guid, AnsweredRequest> _byId = [];

    /// <summary>Replaces everything with what is stored.</summary>
    public void Restore(IEnumerable<AnsweredRequest> stored)
    {
        _byId.Clear();
        foreach (var request in stored)
        {
            _byId[request.Id] = request;
        }
    }

    /// <summary>The request with an id; null when it is unknown or expired.</summary>
    public AnsweredRequest? Find(Guid id, DateTimeOffset now)
        => _byId.TryGetValue(id, out var request) && now - request.Time < AnsweredRequest.Lifetime ? request : null;

    /// <summary>Adds a request that has taken effect, and removes expired ones.</summary>
    public void Add(AnsweredRequest request)
    {
        foreach (var old in _byId.Values.Where(known => request.Time - known.Time >= AnsweredRequest.Lifetime).ToList())
        {
            _byId.Remove(old.Id);
        }

        _byId[request.Id] = request;
    }
}
