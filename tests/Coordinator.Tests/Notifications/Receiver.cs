using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>One request that a receiver got.</summary>
internal sealed record Received(string Id, string ContentType, string Body, bool IsSigned)
{
    public JsonElement Event { get; } = JsonDocument.Parse(Body).RootElement;

    public string Type => Event.GetProperty("type").GetString()!;

    public JsonElement Data => Event.GetProperty("data");

    public string Text => Data.GetProperty("text").GetString()!;

    /// <summary>How often each topic is told.</summary>
    public IReadOnlyDictionary<string, int> Counts => Data.TryGetProperty("parts", out var parts)
        ? parts.EnumerateArray().ToDictionary(part => part.GetProperty("topic").GetString()!, part => part.GetProperty("count").GetInt32())
        : new Dictionary<string, int>();
}

/// <summary>A receiver of webhooks over https, on a port that it keeps when it is away.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("receiver-");
    private readonly MutualTlsOptions _files;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private WebApplication? _server;
    private int _port;

    public Receiver(Pki pki)
    {
        _files = pki.Files(PeerRole.Agent, "receiver");
        SecretFile = Path.Combine(_directory.FullName, "secret");
        File.WriteAllText(SecretFile, $"whsec_{Convert.ToBase64String(_key)}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public string SecretFile { get; }

    public string Authority => _files.AuthorityPath!;

    public string Url => $"https://127.0.0.1:{_port}/hooks/a-secret-path";

    /// <summary>What it got, in order, whatever it answered.</summary>
    public ConcurrentQueue<Received> Got { get; } = new();

    /// <summary>What it answered 2xx to.</summary>
    public ConcurrentQueue<Received> Taken { get; } = new();

    /// <summary>How it answers.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Pulsed by every request.</summary>
    public Signal Activity { get; } = new();

    /// <summary>The settings of a channel that leads here.</summary>
    public string[] Channel(string name, params (string Key, string Value)[] more)
        => [.. new[] { ("Kind", "webhook"), ("Url", Url), ("SecretFile", SecretFile), ("Authority", Authority) }.Concat(more).SelectMany(one => new[] { $"--Coordinator:Notifications:Channels:{name}:{one.Item1}", one.Item2 })];

    public async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        using var pem = X509Certificate2.CreateFromPemFile(_files.CertificatePath!, _files.PrivateKeyPath);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen => listen.UseHttps(certificate)));
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            var (id, time) = (context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString());
            var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{id}.{time}.{body}")))}";
            var received = new Received(id, context.Request.ContentType ?? "", body, context.Request.Headers["webhook-signature"] == expected);
            Got.Enqueue(received);
            Activity.Pulse();
            await Answer(received, context);
            if (context.Response.StatusCode is >= 200 and < 300)
            {
                Taken.Enqueue(received);
                Activity.Pulse();
            }
        });
        await _server.StartAsync();
        _port = new Uri(_server.Urls.Single()).Port;
        return this;
    }

    /// <summary>It goes away; its port refuses connections.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }

    public Task UntilAsync(Func<bool> condition, string what) => Activity.UntilAsync(condition, $"the receiver: {what}; it got {string.Join(", ", Got.Select(one => one.Type))}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }
}
