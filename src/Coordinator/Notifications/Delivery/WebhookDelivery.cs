using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;

namespace HostAgent.Coordinator.Notifications.Delivery;

/// <summary>
/// Sends CloudEvents 1.0 as structured JSON by POST, signed by the conventions of Standard Webhooks (standardwebhooks.com). Redirects are not followed, and nothing that the receiver
/// writes but its status is read.
/// </summary>
internal sealed class WebhookDelivery : IDelivery
{
    private const int MostOfHeaders = 16;

    private readonly JsonEventFormatter _formatter = new();
    private readonly string _name;
    private readonly ChannelOptions _channel;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookDelivery(string name, ChannelOptions channel, TimeProvider time)
    {
        (_name, _channel, _time) = (name, channel, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = channel.Timeout,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = MostOfHeaders,
            SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateChainPolicy = Deliveries.TrustOf(channel) },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<DeliveryResult> SendAsync(Letter letter, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_channel.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _channel.Url) { Content = Sign(letter, Encode(letter)) };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, string.Create(CultureInfo.InvariantCulture, $"The receiver did not answer within {_channel.Timeout.TotalSeconds:0.#} s."));
        }
        catch (InvalidDataException exception)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, $"The key of the channel must be {exception.Message}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, Deliveries.Explain(exception));
        }
    }

    public void Dispose() => _client.Dispose();

    private ReadOnlyMemory<byte> Encode(Letter letter)
    {
        var data = letter.Digest is { } digest ? JsonSerializer.SerializeToNode(digest, DigestJson.Default.Digest)!.AsObject() : [];
        data["summary"] = letter.Subject;
        data["text"] = letter.Text;
        return _formatter.EncodeStructuredModeMessage(
            new CloudEvent(CloudEventsSpecVersion.V1_0)
            {
                Id = letter.Id,
                Source = new Uri($"/notificationChannels/{_name}", UriKind.Relative),
                Type = $"failback.{letter.Kind}",
                Subject = letter.Digest is { } about ? $"campaigns/{about.Campaign}" : null,
                Time = letter.Time,
                DataContentType = "application/json",
                Data = data,
            },
            out _);
    }

    private ByteArrayContent Sign(Letter letter, ReadOnlyMemory<byte> body)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{letter.Id}.{timestamp}."), .. body.Span];
        var content = new ByteArrayContent(body.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8") } };
        content.Headers.Add("webhook-id", letter.Id);
        content.Headers.Add("webhook-timestamp", timestamp);
        content.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(SecretText.ReadKey(_channel.SecretFile!), signed))}");
        return content;
    }

    private DeliveryResult Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var answer = string.Create(CultureInfo.InvariantCulture, $"The receiver answered {status}");
        return status switch
        {
            >= 200 and < 300 => DeliveryResult.Delivered,
            408 or 429 or >= 500 => new DeliveryResult(DeliveryVerdict.MayPass, answer + ".", Wish(response.Headers.RetryAfter)),
            >= 300 and < 400 => new DeliveryResult(DeliveryVerdict.Refused, answer + "; redirects are not followed."),
            (int)HttpStatusCode.Gone => new DeliveryResult(DeliveryVerdict.Refused, answer + ": it is gone."),
            _ => new DeliveryResult(DeliveryVerdict.Refused, answer + "."),
        };
    }

    private TimeSpan? Wish(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };
}
