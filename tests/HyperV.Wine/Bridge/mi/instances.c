/* Instances: elements with values of every type, copied deeply. */
#include "mi.h"

static const void *const instance_table[18];

Instance *new_instance(const WCHAR *class_name)
{
    Instance *instance = allocate(sizeof(Instance));
    instance->table = instance_table;
    instance->class_name = copy_text(class_name);
    InterlockedIncrement(&alive[0]);
    return instance;
}

DWORD size_of(DWORD type)
{
    static const BYTE sizes[] = { 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 2, sizeof(Datetime), 8, 8, 8 };
    return sizes[type % ARRAY_];
}

static void free_value(DWORD type, Value *value)
{
    if (type >= ARRAY_) {
        for (DWORD i = 0; i < value->array.size; i++) {
            Value one = { 0 };
            memcpy(&one, (BYTE *)value->array.data + i * size_of(type), size_of(type));
            free_value(type - ARRAY_, &one);
        }
        release(value->array.data);
    } else if (type == STRING_) {
        release(value->string);
    } else if ((type == INSTANCE_ || type == REFERENCE_) && value->instance) {
        delete_instance(value->instance);
    }
}

static Value copy_value(DWORD type, const Value *value)
{
    Value copy = *value;
    if (type >= ARRAY_) {
        copy.array.data = allocate(value->array.size * size_of(type));
        for (DWORD i = 0; i < value->array.size; i++) {
            Value one = { 0 };
            memcpy(&one, (BYTE *)value->array.data + i * size_of(type), size_of(type));
            one = copy_value(type - ARRAY_, &one);
            memcpy((BYTE *)copy.array.data + i * size_of(type), &one, size_of(type));
        }
    } else if (type == STRING_) {
        copy.string = copy_text(value->string);
    } else if ((type == INSTANCE_ || type == REFERENCE_) && value->instance) {
        copy.instance = clone_instance(value->instance);
    }
    return copy;
}

/* Takes over what the value points to. */
void add_element(Instance *instance, const WCHAR *name, DWORD type, DWORD flags, const Value *value)
{
    Element *elements = allocate((instance->count + 1) * sizeof(Element));
    Element *added = &elements[instance->count];
    memcpy(elements, instance->elements, instance->count * sizeof(Element));
    release(instance->elements);
    instance->elements = elements;
    instance->count++;
    added->name = copy_text(name);
    added->type = type;
    added->flags = value ? flags : flags | FLAG_NULL;
    if (value)
        added->value = *value;
}

Instance *clone_instance(const Instance *source)
{
    Instance *copy = new_instance(source->class_name);
    copy->server = copy_text(source->server);
    copy->space = copy_text(source->space);
    for (DWORD i = 0; i < source->count; i++) {
        const Element *element = &source->elements[i];
        Value value = copy_value(element->type, &element->value);
        add_element(copy, element->name, element->type, element->flags, element->flags & FLAG_NULL ? NULL : &value);
    }
    return copy;
}

void delete_instance(Instance *instance)
{
    for (DWORD i = 0; i < instance->count; i++) {
        if (!(instance->elements[i].flags & FLAG_NULL))
            free_value(instance->elements[i].type, &instance->elements[i].value);
        release(instance->elements[i].name);
    }
    release(instance->elements);
    release(instance->class_name);
    release((void *)instance->server);
    release((void *)instance->space);
    memset(instance, 0xDD, sizeof(Instance)); /* whoever still reads it falls over */
    release(instance);
    InterlockedDecrement(&alive[0]);
}

Element *find_element(const Instance *instance, const WCHAR *name)
{
    for (DWORD i = 0; i < instance->count; i++)
        if (!lstrcmpiW(instance->elements[i].name, name))
            return &instance->elements[i];
    return NULL;
}

static Result WINAPI instance_delete(Instance *self)
{
    delete_instance(self);
    return OK;
}

static Result WINAPI instance_class_name(const Instance *self, const WCHAR **name)
{
    *name = self->class_name;
    return OK;
}

static Result WINAPI instance_set_namespace(Instance *self, const WCHAR *space)
{
    release((void *)self->space);
    self->space = copy_text(space);
    return OK;
}

static Result WINAPI instance_get_namespace(const Instance *self, const WCHAR **space)
{
    *space = self->space;
    return OK;
}

static Result WINAPI instance_server_name(const Instance *self, const WCHAR **name)
{
    *name = self->server;
    return OK;
}

static Result WINAPI instance_count(const Instance *self, DWORD *count)
{
    *count = self->count;
    return OK;
}

static Result WINAPI instance_add(Instance *self, const WCHAR *name, const Value *value, DWORD type, DWORD flags)
{
    Value copy;
    if (find_element(self, name))
        return INVALID_PARAMETER;
    if (value)
        copy = copy_value(type, value);
    add_element(self, name, type, flags, value ? &copy : NULL);
    return OK;
}

static Result WINAPI instance_get_at(const Instance *self, DWORD index, const WCHAR **name, Value *value, DWORD *type, DWORD *flags)
{
    if (index >= self->count)
        return NOT_FOUND;
    *name = self->elements[index].name;
    *value = self->elements[index].value;
    *type = self->elements[index].type;
    *flags = self->elements[index].flags;
    return OK;
}

static Result WINAPI instance_get(const Instance *self, const WCHAR *name, Value *value, DWORD *type, DWORD *flags, DWORD *index)
{
    Element *element = find_element(self, name);
    const WCHAR *found;
    if (!element)
        return 12; /* MI_RESULT_NO_SUCH_PROPERTY */
    *index = element - self->elements;
    return instance_get_at(self, *index, &found, value, type, flags);
}

static const void *const instance_table[18] = {
    never_called, never_called, instance_delete, never_called, instance_class_name, instance_set_namespace, instance_get_namespace,
    instance_count, instance_add, never_called, never_called, instance_get, instance_get_at, never_called, never_called, instance_server_name,
    never_called, never_called,
};
