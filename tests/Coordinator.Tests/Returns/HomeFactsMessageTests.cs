using System.Collections;
using System.Reflection;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using HostAgent.Agent.Wire;
using HostAgent.Coordinator.Agents;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using Contract = HostAgent.Contracts.Failback.V1;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>The agent writes what the coordinator reads: no fact is lost or changed between the two programs.</summary>
public sealed class HomeFactsMessageTests
{
    [Fact]
    public void Every_fact_survives_and_every_field_of_the_contract_has_one()
    {
        var facts = (HomeFacts)new Anything(seed: 0, mayBeMissing: false).Make(typeof(HomeFacts));
        var message = HomeFactsMessages.Of(facts);

        Read(message, facts.Id).ShouldBe(JsonSerializer.Serialize(facts));
        Unset(message, "").ShouldBeEmpty();
    }

    [Fact]
    public void Whatever_is_missing_is_missing_on_the_other_side()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var facts = (HomeFacts)new Anything(seed, mayBeMissing: true).Make(typeof(HomeFacts));
            Read(Contract.HomeFacts.Parser.ParseFrom(HomeFactsMessages.Of(facts).ToByteArray()), facts.Id).ShouldBe(JsonSerializer.Serialize(facts), $"seed {seed}");
        }
    }

    [Fact]
    public void What_is_longer_than_the_contract_allows_is_cut_by_the_agent_and_taken_by_the_coordinator()
    {
        var facts = new HomeFacts
        {
            Id = new VirtualMachineId(Guid.NewGuid()),
            Clock = DateTimeOffset.UnixEpoch,
            HostName = new string('x', 5000),
            Switches = [.. Enumerable.Range(0, 400).Select(number => $"switch {number}")],
        };
        var message = HomeFactsMessages.Of(facts);
        message.HostName.ShouldBe(new string('x', 1023) + "…");
        message.Switches.Items.Count.ShouldBe(300);
        Should.NotThrow(() => new HomeFactsReading("hv-1").Read(message, facts.Id));
    }

    [Fact]
    public void Message_that_is_not_valid_is_refused_with_what_is_wrong()
    {
        var facts = (HomeFacts)new Anything(seed: 0, mayBeMissing: false).Make(typeof(HomeFacts));
        Refused(message => message.HostName = new string('x', 1025)).ShouldBe("host hv-1 sent an invalid answer: host_name has 1025 characters; at most 1024 are allowed");
        Refused(message => message.Switches.Items.Add(Enumerable.Repeat("x", 300))).ShouldContain("switches has 303 items; at most 300 are allowed");
        Refused(message => message.FreeMemoryBytes = -1).ShouldContain("free_memory_bytes is -1; it must not be negative");
        Refused(message => message.Clock = null).ShouldContain("clock is missing");
        Refused(message => message.Clock = new() { Seconds = long.MaxValue }).ShouldContain("clock is 9223372036854775807 s and 0 ns, which is no time");
        Refused(message => message.ReplicaServer.MonitoringInterval = new() { Seconds = long.MaxValue }).ShouldContain("which is no duration");
        Refused(message => message.VirtualMachineId = Guid.NewGuid().ToString()).ShouldContain("not of the machine that was asked for");

        string Refused(Action<Contract.HomeFacts> spoil)
        {
            var message = HomeFactsMessages.Of(facts);
            spoil(message);
            return Should.Throw<RpcFailure>(() => new HomeFactsReading("hv-1").Read(message, facts.Id)).Message;
        }
    }

    private static string Read(Contract.HomeFacts message, VirtualMachineId id) => JsonSerializer.Serialize(new HomeFactsReading("hv-1").Read(message, id));

    private static IEnumerable<string> Unset(IMessage message, string path)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            var name = $"{path}{field.Name}";
            if (field.IsRepeated ? ((IList)value).Count == 0 : field.HasPresence ? !field.Accessor.HasValue(message) : value is string { Length: 0 } or 0 or 0L or false)
            {
                yield return name;
            }

            var inner = field.FieldType != FieldType.Message ? [] : field.IsRepeated ? ((IList)value).Cast<IMessage>() : value is IMessage one ? [one] : [];
            foreach (var missing in inner.Where(found => found.Descriptor.File.Package == "hyperv.failback.v1").SelectMany(found => Unset(found, $"{name}.")))
            {
                yield return missing;
            }
        }
    }

    /// <summary>A value of any of the facts' types; with a seed always the same.</summary>
    private sealed class Anything(int seed, bool mayBeMissing)
    {
        private readonly Random _random = new(seed);
        private readonly NullabilityInfoContext _nullability = new();

        public object Make(Type type)
        {
            if (type == typeof(string))
            {
                return $"text {_random.Next()} ☺";
            }

            if (type == typeof(bool))
            {
                return !mayBeMissing || _random.Next(2) == 0;
            }

            if (type == typeof(int))
            {
                return _random.Next(mayBeMissing ? 0 : 1, int.MaxValue);
            }

            if (type == typeof(long))
            {
                return _random.NextInt64(mayBeMissing ? 0 : 1, long.MaxValue);
            }

            if (type == typeof(DateTimeOffset))
            {
                return DateTimeOffset.UnixEpoch + new TimeSpan(_random.NextInt64(TimeSpan.FromDays(30000).Ticks));
            }

            if (type == typeof(TimeSpan))
            {
                return new TimeSpan(_random.NextInt64(TimeSpan.FromDays(30).Ticks));
            }

            if (type == typeof(VirtualMachineId))
            {
                var bytes = new byte[16];
                _random.NextBytes(bytes);
                return new VirtualMachineId(new Guid(bytes));
            }

            if (type.IsEnum)
            {
                return Enum.ToObject(type, _random.Next(1, 40_000));
            }

            return type.IsInterface ? List(type.GenericTypeArguments[0]) : Record(type);
        }

        private IList List(Type item)
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
            for (var count = mayBeMissing ? _random.Next(4) : 3; count > 0; count--)
            {
                list.Add(Make(item));
            }

            return list;
        }

        private object Record(Type type)
        {
            var constructor = type.GetConstructors().OrderByDescending(one => one.GetParameters().Length).First();
            var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Maybe(parameter.ParameterType, _nullability.Create(parameter).WriteState))]);
            foreach (var property in type.GetProperties().Where(property => property.CanWrite && !constructor.GetParameters().Any(parameter => parameter.Name == property.Name)))
            {
                property.SetValue(made, Maybe(property.PropertyType, _nullability.Create(property).WriteState));
            }

            return made;
        }

        private object? Maybe(Type type, NullabilityState state)
            => mayBeMissing && state == NullabilityState.Nullable && _random.Next(2) == 0 ? null : Make(Nullable.GetUnderlyingType(type) ?? type);
    }
}
