/* Classes: keys, methods, parameters. */
#include "mi.h"

static Result WINAPI qualifier_get(const Handle *self, const WCHAR *name, DWORD *type, DWORD *flags, Value *value, DWORD *index)
{
    DWORD wanted = !lstrcmpiW(name, L"key") ? QUALIFIER_KEY : !lstrcmpiW(name, L"in") ? QUALIFIER_IN : !lstrcmpiW(name, L"out") ? QUALIFIER_OUT : 0;
    if (!(self->word & wanted))
        return NOT_FOUND;
    *type = BOOLEAN_, *flags = 0, *index = 0;
    value->u8 = 1;
    return OK;
}

static const void *const qualifier_table[3] = { never_called, never_called, qualifier_get };

static void set_qualifiers(Handle *handle, DWORD qualifiers)
{
    handle->word = qualifiers;
    handle->table = qualifier_table;
}

static Result WINAPI parameter_count(const Handle *self, DWORD *count)
{
    *count = ((Method *)self->object)->parameters->count;
    return OK;
}

static Result WINAPI parameter_at(const Handle *self, DWORD index, const WCHAR **name, DWORD *type, WCHAR **referenced, Handle *qualifiers)
{
    Instance *parameters = ((Method *)self->object)->parameters;
    if (index >= parameters->count)
        return NOT_FOUND;
    *name = parameters->elements[index].name;
    *type = parameters->elements[index].type;
    *referenced = NULL;
    set_qualifiers(qualifiers, parameters->elements[index].flags & ~FLAG_NULL);
    return OK;
}

static const void *const parameter_table[4] = { never_called, parameter_count, parameter_at, never_called };

static Result WINAPI class_count(const Class *self, DWORD *count)
{
    *count = self->properties->count;
    return OK;
}

static Result WINAPI class_element_at(
    const Class *self, DWORD index, const WCHAR **name, Value *value, BYTE *exists, DWORD *type, WCHAR **referenced, Handle *qualifiers, DWORD *flags)
{
    const Element *element;
    (void)value;
    if (index >= self->properties->count)
        return NOT_FOUND;
    element = &self->properties->elements[index];
    *name = element->name, *exists = 0, *type = element->type, *referenced = NULL, *flags = FLAG_NULL;
    set_qualifiers(qualifiers, element->flags & FLAG_KEY ? QUALIFIER_KEY : 0);
    return OK;
}

static Result WINAPI class_method_count(const Class *self, DWORD *count)
{
    *count = self->count;
    return OK;
}

static Result WINAPI class_method_at(const Class *self, DWORD index, const WCHAR **name, Handle *qualifiers, Handle *parameters)
{
    if (index >= self->count)
        return NOT_FOUND;
    *name = self->methods[index].name;
    set_qualifiers(qualifiers, 0);
    parameters->object = &self->methods[index];
    parameters->table = parameter_table;
    return OK;
}

static const void *const class_table[14] = {
    never_called, never_called, never_called, class_count, never_called, class_element_at, never_called, class_method_count, class_method_at,
    never_called, never_called, never_called, never_called, never_called,
};

static void add_parameters(Method *method, IWbemClassObject *signature, DWORD qualifier)
{
    Instance *declared = signature ? read_object(signature, FALSE, NULL) : NULL;
    for (DWORD i = 0; declared && i < declared->count; i++) {
        Element *known = find_element(method->parameters, declared->elements[i].name);
        if (known)
            known->flags |= qualifier;
        else if (lstrcmpiW(declared->elements[i].name, L"ReturnValue"))
            add_element(method->parameters, declared->elements[i].name, declared->elements[i].type, qualifier, NULL);
    }
    if (declared)
        delete_instance(declared);
}

Class *read_class(IWbemClassObject *object)
{
    Class *class_object = allocate(sizeof(Class));
    BSTR name;
    IWbemClassObject *in, *out;
    class_object->table = class_table;
    class_object->properties = read_object(object, TRUE, NULL);
    if (SUCCEEDED(IWbemClassObject_BeginMethodEnumeration(object, 0))) {
        while (IWbemClassObject_NextMethod(object, 0, &name, &in, &out) == S_OK) {
            Method *methods = allocate((class_object->count + 1) * sizeof(Method)), *added = &methods[class_object->count];
            memcpy(methods, class_object->methods, class_object->count * sizeof(Method));
            release(class_object->methods);
            class_object->methods = methods;
            class_object->count++;
            added->name = copy_text(name);
            added->parameters = new_instance(L"");
            add_parameters(added, in, QUALIFIER_IN);
            add_parameters(added, out, QUALIFIER_OUT);
            SysFreeString(name);
            if (in)
                IWbemClassObject_Release(in);
            if (out)
                IWbemClassObject_Release(out);
        }
        IWbemClassObject_EndMethodEnumeration(object);
    }
    InterlockedIncrement(&alive[1]);
    return class_object;
}

void delete_class(Class *class_object)
{
    for (DWORD i = 0; i < class_object->count; i++) {
        release(class_object->methods[i].name);
        delete_instance(class_object->methods[i].parameters);
    }
    release(class_object->methods);
    delete_instance(class_object->properties);
    memset(class_object, 0xDD, sizeof(Class));
    release(class_object);
    InterlockedDecrement(&alive[1]);
}
