import time, collections
from tests.browser.hostile import *
from tests.browser.crawl import walk, name_of
def test_m(own_portal):
    for login in ("teacher","director","curator","admin",""):
        v=Visitor(own_portal, login)
        n=[0]; slow=[]
        orig=v.get
        def get(url,max_redirects=0):
            n[0]+=1; t=time.time(); a=orig(url,max_redirects); slow.append((time.time()-t,url)); return a
        v.get=get
        t=time.time()
        w=walk(v.context, own_portal.address, ["/","/cabinet/","/accounts/login/","/accounts/password/change/","/cabinet/letters/"])
        print(login, n, time.time()-t, len(w.pages), len(w.links), v.broken)
        print(sorted(slow)[-8:])
        shapes=collections.Counter()
        for p,text in w.pages.items():
            for f in Page(text,p).forms:
                shapes[(f.method, name_of(f.action), f.shape)]+=1
        print(len(shapes))
        if login in("curator","admin"):
            for s in sorted(shapes): print("   ",s, shapes[s])
